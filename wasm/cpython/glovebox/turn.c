#include "turn.h"

#include <Python.h>

#include "handle.h"
#include "host.h"
#include "limit.h"
#include "origin.h"
#include "poll.h"
#include "value.h"

/* Freed for the end of a turn that has filled the heap. Somewhat more than an arena of the object
 * allocator, which asks for no less when it is full. */
#define RESERVE_BYTES (1088 * 1024)

/* glovebox._runtime.begin, kept from here so that no program can take it away. */
static PyObject *begin;

static void *reserve;

/* Whether the heap is as good as full of what the program holds: what it does next may be to drop some, and
 * needs the reserve for that. */
static int is_full;

static void
keep_reserve(void)
{
    if (reserve == NULL) {
        reserve = PyMem_RawMalloc(RESERVE_BYTES);
    }
}

/* CPython sets MemoryErrors aside for when there is no memory: so many, and one of last resort that it uses
 * again and again, and that keeps the traceback of the last time. */
#define MEMORY_ERRORS_SET_ASIDE 16

static void
clear_last_resort(void)
{
    PyObject *errors[MEMORY_ERRORS_SET_ASIDE + 1];

    for (size_t index = 0; index < Py_ARRAY_LENGTH(errors); index++) {
        PyErr_NoMemory();
        errors[index] = PyErr_GetRaisedException();
    }
    for (size_t index = 0; index < Py_ARRAY_LENGTH(errors); index++) {
        PyException_SetTraceback(errors[index], Py_None);
        PyException_SetContext(errors[index], NULL);
        PyException_SetCause(errors[index], NULL);
        Py_DECREF(errors[index]);
    }
}

/* What an uncaught exception leaves to look at may be what fills the heap: all that its frames held. */
static void
drop_last_exception(void)
{
    clear_last_resort();
    static const char *const names[] = {"last_exc", "last_value", "last_type", "last_traceback"};

    for (size_t index = 0; index < Py_ARRAY_LENGTH(names); index++) {
        PySys_SetObject(names[index], NULL);
    }
    PyGC_Collect();
    PyErr_Clear();
}

/* What a next turn needs for more than to say that there is no memory. */
#define WORKING_BYTES (4 * 1024 * 1024)

/* After a turn that took more memory from the host: leave no heap that is full of what is over. */
static void
make_room(void)
{
    keep_reserve();
    void *room = reserve == NULL ? NULL : PyMem_RawMalloc(WORKING_BYTES);
    if (room == NULL) {
        drop_last_exception();
        room = PyMem_RawMalloc(WORKING_BYTES);
    }
    is_full = room == NULL;
    PyMem_RawFree(room);
    keep_reserve();
}

static void
release_reserve(void)
{
    PyMem_RawFree(reserve);
    reserve = NULL;
}

int
glovebox_prepare_turns(void)
{
    keep_reserve();
    PyObject *module = PyImport_ImportModule("_glovebox");
    if (module == NULL || glovebox_handle_limits(module) < 0) {
        Py_XDECREF(module);
        return -1;
    }
    Py_DECREF(module);
    module = glovebox_prepare_values() < 0 ? NULL : PyImport_ImportModule("glovebox._runtime");
    if (module == NULL) {
        return -1;
    }
    begin = PyObject_GetAttrString(module, "begin");
    Py_DECREF(module);
    return begin == NULL ? -1 : 0;
}

void
glovebox_end_turns(void)
{
    /* They hold the names of __main__, whose open files are flushed only when these are dropped. */
    Py_CLEAR(begin);
    glovebox_end_handles();
    release_reserve();
}

/* What one host call moves: where it gives less than there is room for, that was all. */
#define MOST_AT_ONCE (1 << 20)

static PyObject *
read_request(void)
{
    Py_ssize_t capacity = 16384, used = 0;
    uint32_t size;
    PyObject *request = PyBytes_FromStringAndSize(NULL, capacity);

    while (request != NULL) {
        uint8_t *start = (uint8_t *)PyBytes_AS_STRING(request) + used;
        uint32_t room = (uint32_t)Py_MIN(capacity - used, MOST_AT_ONCE);
        int32_t error = host_request_read(start, room, &size);
        if (error != 0 || size > room) {
            PyErr_SetString(PyExc_OSError, "the request can't be read");
            Py_CLEAR(request);
            break;
        }
        used += size;
        if (size < room) {
            _PyBytes_Resize(&request, used);
            break;
        }
        if (used == capacity) {
            capacity *= 2;
            _PyBytes_Resize(&request, capacity);
        }
    }
    return request;
}

static int
write_result(PyObject *result)
{
    return host_result_write((const uint8_t *)PyBytes_AS_STRING(result),
                             (uint32_t)PyBytes_GET_SIZE(result));
}

/* The result of a turn whose Python side failed: interrupted at a bad moment, out of memory, or
 * undermined by the program. */
static PyObject *
emergency_result(void)
{
    PyObject *exception = PyErr_GetRaisedException();
    const char *status = "error";
    const char *type = exception == NULL ? "SystemError" : Py_TYPE(exception)->tp_name;
    if (exception != NULL && PyErr_GivenExceptionMatches(exception, PyExc_KeyboardInterrupt)) {
        status = "interrupted";
    }
    else if (exception != NULL && PyErr_GivenExceptionMatches(exception, glovebox_time_limit_exceeded)) {
        status = "limit";
    }
    PyObject *fields = Py_BuildValue(
        "{s:s, s:i, s:O, s:{s:s, s:s, s:s, s:O}}",
        "status", status,
        "exit_code", strcmp(status, "error") == 0 ? 1 : 130,
        "value", Py_None,
        "error", "type", type, "message", "", "traceback", "", "line", Py_None);
    PyObject *result = NULL;

    if (fields != NULL) {
        result = glovebox_dumps(fields);
        Py_DECREF(fields);
    }
    Py_XDECREF(exception);
    return result;
}

/* The program is called from here, not from our Python, so that its own code is the outermost frame:
 * tracebacks, warnings and sys._getframe see what they see in any other interpreter. */
static PyObject *
answer(PyObject *request)
{
    PyThreadState *thread = PyThreadState_Get();
    PyObject *function, *arguments, *conclude;

    /* A trace function of the program has no business in our own frames. */
    PyThreadState_EnterTracing(thread);
    PyObject *plan = PyObject_CallOneArg(begin, request);
    PyThreadState_LeaveTracing(thread);
    if (plan == NULL) {
        return NULL;
    }
    if (!PyArg_ParseTuple(plan, "OO!O", &function, &PyTuple_Type, &arguments, &conclude)) {
        Py_DECREF(plan);
        return NULL;
    }

    PyObject *value = PyObject_Call(function, arguments, NULL);
    PyObject *exception = PyErr_GetRaisedException();
    if (exception != NULL && PyErr_GivenExceptionMatches(exception, PyExc_MemoryError)) {
        release_reserve();
    }
    PyThreadState_EnterTracing(thread);
    PyObject *result = PyObject_CallFunctionObjArgs(
        conclude, value == NULL ? Py_None : value, exception == NULL ? Py_None : exception, NULL);
    PyThreadState_LeaveTracing(thread);
    Py_XDECREF(value);
    Py_XDECREF(exception);
    Py_DECREF(plan);
    if (result != NULL && !PyBytes_CheckExact(result)) {
        PyErr_SetString(PyExc_TypeError, "a turn's result must be bytes");
        Py_CLEAR(result);
    }
    return result;
}

int
glovebox_run_turn(void)
{
    glovebox_poll_first();
    glovebox_origin_begin();
    if (is_full) {
        release_reserve();
    }
    else {
        keep_reserve();
    }
    size_t pages = __builtin_wasm_memory_size(0);
    PyObject *request = read_request();
    PyObject *result = NULL;

    if (request != NULL) {
        result = answer(request);
        Py_DECREF(request);
    }
    if (result == NULL) {
        release_reserve();
        result = emergency_result();
    }
    int error = 1;
    if (result != NULL) {
        error = write_result(result);
        Py_DECREF(result);
    }
    PyErr_Clear();
    if (reserve == NULL || __builtin_wasm_memory_size(0) > pages) {
        make_room();
    }
    /* The host's count is exact when a turn ends; and a signal that came too late for this one must not
     * end the next. */
    glovebox_poll_last();
    if (PyErr_CheckSignals() < 0) {
        PyErr_Clear();
    }
    return error;
}
