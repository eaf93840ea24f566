#ifndef TRAINING_COUNTERS_H
#define TRAINING_COUNTERS_H

void training_reset_counters(void);
/* 0, or -1 with errno. */
int training_write_counters(const char *path);

#endif
