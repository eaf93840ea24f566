#include "poll.h"

#include <Python.h>
#include <errno.h>

#include "host.h"

/* One poll per so many interpreter steps: some 0.1 ms of Python, so that the host call's cost
 * disappears and an interrupt still feels immediate. */
#define STEPS_PER_POLL 4096

/* PyErr_CheckSignals is called from loops in C that do much between two calls (a regular expression,
 * a division of huge numbers): each call counts for several steps. */
#define STEPS_PER_CHECK 64

/* The interpreter counts this down, see 0001-poll-for-signals.patch. */
int _Py_wasi_steps_left = STEPS_PER_POLL;

void
glovebox_poll_now(void)
{
    uint32_t signals = 0;
    uint32_t steps = (uint32_t)(STEPS_PER_POLL - _Py_wasi_steps_left);

    _Py_wasi_steps_left = STEPS_PER_POLL;
    /* Before and after the interpreter's life there is no handler table to look into. */
    if (!Py_IsInitialized() || Py_IsFinalizing()) {
        return;
    }
    if (host_poll(steps, &signals) != 0) {
        return;
    }
    for (int number = 1; number < 32; number++) {
        if (signals & (UINT32_C(1) << number)) {
            PyErr_SetInterruptEx(number);
        }
    }
}

void
_Py_PollWasiSignals(void)
{
    glovebox_poll_now();
}

void
_Py_CheckWasiSignals(void)
{
    /* A host call that was cut short says so by EINTR, and its caller comes here before it tries
     * again: there the answer can't wait. Cleared, so that later checks don't see the same again. */
    if (errno == EINTR) {
        errno = 0;
        glovebox_poll_now();
        return;
    }
    _Py_wasi_steps_left -= STEPS_PER_CHECK;
    if (_Py_wasi_steps_left <= 0) {
        glovebox_poll_now();
    }
}
