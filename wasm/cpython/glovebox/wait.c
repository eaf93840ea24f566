#include "wait.h"

#include <errno.h>
#include <time.h>
#include <wasi/api.h>

static int
wait_on_clock(__wasi_clockid_t clock, __wasi_timestamp_t timeout, __wasi_subclockflags_t flags)
{
    __wasi_subscription_t subscription = {
        .u.tag = __WASI_EVENTTYPE_CLOCK,
        .u.u.clock = {.id = clock, .timeout = timeout, .flags = flags},
    };
    __wasi_event_t event;
    __wasi_size_t count;
    __wasi_errno_t error = __wasi_poll_oneoff(&subscription, &event, 1, &count);

    if (error == 0 && count == 1) {
        error = event.error;
    }
    return error;
}

int
glovebox_wait(uint64_t nanoseconds)
{
    return wait_on_clock(__WASI_CLOCKID_MONOTONIC, nanoseconds, 0);
}

/* Replaces wasi-libc's, which answers ENOTSUP whatever went wrong: time.sleep would raise OSError
 * instead of looking for the signal that ended the wait. */
int
clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *remaining)
{
    (void)remaining;
    if (request->tv_nsec < 0 || request->tv_nsec >= 1000000000 || request->tv_sec < 0) {
        return EINVAL;
    }
    int error = wait_on_clock(
        clock == CLOCK_REALTIME ? __WASI_CLOCKID_REALTIME : __WASI_CLOCKID_MONOTONIC,
        (uint64_t)request->tv_sec * 1000000000 + (uint64_t)request->tv_nsec,
        flags & TIMER_ABSTIME ? __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME : 0);
    if (error == EINTR) {
        errno = EINTR;
    }
    return error;
}
