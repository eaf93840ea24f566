#include "poll.h"

#include <Python.h>
#include <errno.h>

#include "host.h"

/* At least one poll per so many interpreter steps: some 0.1 ms of Python, so that the host call's cost
 * disappears and an interrupt still feels immediate. */
#define MOST_STEPS_PER_POLL 4096

/* PyErr_CheckSignals is called from loops in C that do much between two calls (a regular expression,
 * a division of huge numbers): each call counts for several steps. */
#define STEPS_PER_CHECK 64

/* What the host allowed at the last poll; the interpreter counts down what is left of it, see
 * 0001-poll-for-signals.patch. */
static int granted = MOST_STEPS_PER_POLL;
int _Py_wasi_steps_left = MOST_STEPS_PER_POLL;

void
glovebox_poll_now(void)
{
    uint32_t signals = 0;
    uint32_t grant = MOST_STEPS_PER_POLL;
    uint32_t steps = (uint32_t)(granted - _Py_wasi_steps_left);

    granted = _Py_wasi_steps_left = MOST_STEPS_PER_POLL;
    /* Before and after the interpreter's life there is no handler table to look into. */
    if (!Py_IsInitialized() || Py_IsFinalizing()) {
        return;
    }
    if (host_poll(steps, &signals, &grant) != 0) {
        return;
    }
    if (grant > 0 && grant < MOST_STEPS_PER_POLL) {
        granted = _Py_wasi_steps_left = (int)grant;
    }
    for (int number = 1; number < 32; number++) {
        if (signals & (UINT32_C(1) << number)) {
            PyErr_SetInterruptEx(number);
        }
    }
}

void
glovebox_poll_first(void)
{
    _Py_wasi_steps_left = granted;
    glovebox_poll_now();
}

void
glovebox_poll_last(void)
{
    glovebox_poll_now();
    granted = _Py_wasi_steps_left = MOST_STEPS_PER_POLL;
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
