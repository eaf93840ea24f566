/* CPython as a command that runs /training/train.py, with the least that our patches ask of an embedder: nothing
 * is restricted, and there is never a signal. */
#define Py_BUILD_CORE 1
#include <Python.h>

#include "counters.h"
#include "pycore_emscripten_signal.h"
#include "pycore_origin.h"

#define STEPS_PER_POLL 4096

int _Py_wasi_steps_left = STEPS_PER_POLL;
int _Py_wasi_c_recursion_limit = 400;
int _Py_wasi_parser_depth_limit = 4000;

void
_Py_PollWasiSignals(void)
{
    _Py_wasi_steps_left = STEPS_PER_POLL;
}

void
_Py_CheckWasiSignals(void)
{
}

const unsigned char *_Py_origin_allowed;
PyTypeObject _Py_OriginExit_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "exit"};

int
_Py_OriginMaker(void)
{
    return 0;
}

int
_Py_OriginExecutor(void)
{
    return 0;
}

int
_Py_OriginJoin(int label, int other)
{
    (void)other;
    return label;
}

void
_Py_OriginLabelFrozen(PyObject *code, PyObject *name)
{
    (void)code;
    (void)name;
}

/* The importer then loads the module by itself. */
PyObject *
_Py_OriginLoad(PyObject *module, PyObject *arguments)
{
    (void)module;
    (void)arguments;
    Py_RETURN_NONE;
}

int
_Py_OriginRefusesFrame(_PyInterpreterFrame *frame)
{
    (void)frame;
    return 0;
}

int
_Py_OriginRefusesCall(PyObject *callable)
{
    (void)callable;
    return 0;
}

int
_Py_OriginRefusesType(PyTypeObject *type)
{
    (void)type;
    return 0;
}

int
_Py_OriginResume(PyGenObject *gen)
{
    (void)gen;
    return 0;
}

int
_Py_OriginNarrow(const unsigned char *allowed)
{
    (void)allowed;
    return 0;
}

void
_Py_OriginSuspend(PyGenObject *gen)
{
    (void)gen;
}

/* What went before, the start and the imports, does not count. */
static PyObject *
begin(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    training_reset_counters();
    Py_RETURN_NONE;
}

/* What has been counted since then, or since the start of the interpreter: into a file. */
static PyObject *
write_counts(PyObject *module, PyObject *path)
{
    const char *name = PyUnicode_AsUTF8(path);

    (void)module;
    if (name == NULL) {
        return NULL;
    }
    if (training_write_counters(name) < 0) {
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"begin", begin, METH_NOARGS, NULL},
    {"write", write_counts, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_training",
    .m_methods = functions,
};

static PyObject *
create_module(void)
{
    return PyModule_Create(&definition);
}

int
main(void)
{
    PyConfig config;
    PyStatus status;

    if (PyImport_AppendInittab("_training", create_module) < 0) {
        return 1;
    }
    PyConfig_InitIsolatedConfig(&config);
    config.use_hash_seed = 1;
    config.hash_seed = 0;
    config.write_bytecode = 0;
    config.site_import = 0;
    /* As the guest's, which then looks more closely at modules that lack a name. */
    config.isolated = 0;
    config.safe_path = 0;
    config.pathconfig_warnings = 0;
    status = PyConfig_SetString(&config, &config.home, L"/usr");
    if (!PyStatus_Exception(status)) {
        status = PyConfig_SetString(&config, &config.executable, L"/usr/bin/python3.13");
    }
    if (!PyStatus_Exception(status)) {
        status = PyConfig_SetString(&config, &config.run_filename, L"/training/train.py");
    }
    if (!PyStatus_Exception(status)) {
        status = Py_InitializeFromConfig(&config);
    }
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status)) {
        Py_ExitStatusException(status);
    }
    return Py_RunMain();
}
