/* What the host calls: start or wake once, a turn for each request, finish at the end. Between two calls no
 * frame of ours is on any stack, so linear memory and the stack pointer are the guest's whole state. */
#include <Python.h>
#include <stdlib.h>
#include <unistd.h>

#include "depth.h"
#include "entropy.h"
#include "memory.h"
#include "module.h"
#include "turn.h"

#define EXPORT(name) __attribute__((export_name(name)))

static PyStatus
configure(PyConfig *config)
{
    PyStatus status;

    /* The tree is always the same: nothing to search for, nothing to complain about. */
    status = PyConfig_SetString(config, &config->program_name, L"/usr/bin/python3.13");
    if (PyStatus_Exception(status)) {
        return status;
    }
    status = PyConfig_SetString(config, &config->executable, L"/usr/bin/python3.13");
    if (PyStatus_Exception(status)) {
        return status;
    }
    status = PyConfig_SetString(config, &config->home, L"/usr");
    if (PyStatus_Exception(status)) {
        return status;
    }
    config->pathconfig_warnings = 0;
    config->parse_argv = 0;
    config->user_site_directory = 0;
    /* The library is read-only, and a program's own folder should not fill with caches. */
    config->write_bytecode = 0;
    config->install_signal_handlers = 1;
    return PyStatus_Ok();
}

/* Whether the engine's stack holds so many levels: it throws if not. */
EXPORT("glovebox_probe_depth")
void
glovebox_probe_depth(int32_t depth)
{
    glovebox_try_depth(depth);
}

/* May be called before the start, and again whenever another engine has taken over the memory. */
EXPORT("glovebox_set_depth")
void
glovebox_set_depth(int32_t depth)
{
    glovebox_limit_depth(depth);
}

EXPORT("glovebox_start")
int32_t
glovebox_start(void)
{
    PyConfig config;
    PyStatus status;
    const char *folder = getenv("PWD");

    /* WASI starts each program in no folder; a folder that is not there leaves it in the root. */
    if (folder != NULL) {
        chdir(folder);
    }
    if (PyImport_AppendInittab("_glovebox", PyInit__glovebox) < 0) {
        return 1;
    }
    PyConfig_InitPythonConfig(&config);
    status = configure(&config);
    if (!PyStatus_Exception(status)) {
        status = Py_InitializeFromConfig(&config);
    }
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status)) {
        fprintf(stderr, "glovebox: %s\n", status.err_msg == NULL ? "no start" : status.err_msg);
        return 1;
    }
    if (glovebox_prepare_turns() < 0) {
        PyErr_Print();
        return 1;
    }
    return 0;
}

/* In the place of a start, for a guest that an image has made: nothing but its numbers is its own. */
EXPORT("glovebox_wake")
int32_t
glovebox_wake(void)
{
    if (glovebox_seed() < 0) {
        PyErr_Print();
        return 1;
    }
    return 0;
}

EXPORT("glovebox_turn")
int32_t
glovebox_turn(void)
{
    return glovebox_run_turn();
}

/* Before the host looks at what is in memory. */
EXPORT("glovebox_settle")
void
glovebox_settle(void)
{
    glovebox_clear_free_memory();
}

EXPORT("glovebox_finish")
int32_t
glovebox_finish(void)
{
    glovebox_end_turns();
    return Py_FinalizeEx();
}
