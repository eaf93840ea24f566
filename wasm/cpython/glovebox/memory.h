#ifndef GLOVEBOX_MEMORY_H
#define GLOVEBOX_MEMORY_H

/* Makes zeros of what has been freed: an image of the guest need not hold it. */
void glovebox_clear_free_memory(void);

#endif
