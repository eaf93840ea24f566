#ifndef GLOVEBOX_WAIT_H
#define GLOVEBOX_WAIT_H

#include <stdint.h>

/* Waits once in the host until the monotonic clock has moved on by `nanoseconds`.
 * 0, or an errno: EINTR when the host cut the wait short. */
int glovebox_wait(uint64_t nanoseconds);

#endif
