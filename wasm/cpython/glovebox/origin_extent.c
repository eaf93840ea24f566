/* Restricted extents: `with glovebox.restrict(…):`, what becomes of them in generators, and PolicyError. */
#include "origin.h"

#include <stddef.h>

#include "pycore_code.h"
#include "pycore_opcode_utils.h"
#include "opcode_ids.h"

/* What `with` calls at the end. Each `with` looks up one of its own, and keeps it where no program reaches: on the
 * stack of its frame. No attribute gives one that is in use, and the collector tells nobody of it. */
typedef struct exit_object {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    struct restriction *restriction;
    int is_entered;
    _PyInterpreterFrame *frame;
    const unsigned char *allowed_before;
    /* Extents that are entered, of all frames. */
    struct exit_object *outer;
    /* Of a generator's frame: the extents that it is in, and what restricted it before. */
    PyGenObject *generator;
    struct exit_object *generator_outer;
    const unsigned char *generator_before;
} exit_object;

typedef struct restriction {
    PyObject_HEAD
    origin_policy *policy;
    /* The latest exit looked up: the `with` that enters now has just looked it up. */
    exit_object *exit;
} restriction;

static exit_object *entered;
static PyObject *policy_error;

#define MOST_IN_CHAIN 200

static int
is_running(_PyInterpreterFrame *frame)
{
    _PyInterpreterFrame *running = PyThreadState_Get()->current_frame;
    while (running != NULL && running != frame) {
        running = running->previous;
    }
    return running != NULL;
}

/* Only in the frame that entered it, and no other extent of a running frame may have been entered since: an exit
 * that hand-made bytecode has carried off could be called in another frame at the same address. */
static int
may_end(exit_object *exit)
{
    if (!exit->is_entered || origin_innermost_frame() != exit->frame) {
        return 0;
    }
    if (exit->generator != NULL) {
        return exit->generator->gi_extents == (PyObject *)exit;
    }
    for (exit_object *other = entered; other != exit; other = other->outer) {
        if (other->generator == NULL && is_running(other->frame)) {
            return 0;
        }
    }
    return 1;
}

static PyObject *
end_extent(PyObject *callable, PyObject *const *arguments, size_t count, PyObject *names)
{
    (void)arguments, (void)count, (void)names;
    exit_object *exit = (exit_object *)callable;
    if (!may_end(exit)) {
        PyErr_SetString(PyExc_RuntimeError, "a restricted extent ends where its own with statement ends");
        return NULL;
    }
    for (exit_object **link = &entered; exit->is_entered;) {
        exit_object *other = *link;
        if (other == exit || (exit->generator == NULL && other->generator == NULL)) {
            other->is_entered = 0;
            *link = other->outer;
        }
        else {
            link = &other->outer;
        }
    }
    _Py_origin_allowed = exit->allowed_before;
    if (exit->generator != NULL) {
        exit->generator->gi_extents = (PyObject *)exit->generator_outer;
        exit->generator->gi_origin = exit->generator_before;
    }
    Py_RETURN_FALSE;
}

static void
exit_dealloc(PyObject *object)
{
    exit_object *exit = (exit_object *)object;
    for (exit_object **link = &entered; exit->is_entered && *link != NULL; link = &(*link)->outer) {
        if (*link == exit) {
            *link = exit->outer;
            break;
        }
    }
    if (exit->restriction->exit == exit) {
        exit->restriction->exit = NULL;
    }
    Py_DECREF(exit->restriction);
    PyObject_Free(object);
}

PyTypeObject _Py_OriginExit_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "restricted_extent_exit",
    .tp_basicsize = sizeof(exit_object),
    .tp_dealloc = exit_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION |
                Py_TPFLAGS_IMMUTABLETYPE,
    .tp_vectorcall_offset = offsetof(exit_object, vectorcall),
    .tp_call = PyVectorcall_Call,
};

static PyObject *
look_up_exit(PyObject *self, void *closure)
{
    (void)closure;
    exit_object *exit = PyObject_New(exit_object, &_Py_OriginExit_Type);
    if (exit == NULL) {
        return NULL;
    }
    exit->vectorcall = end_extent;
    exit->restriction = (restriction *)Py_NewRef(self);
    exit->is_entered = 0;
    exit->restriction->exit = exit;
    return (PyObject *)exit;
}

static PyObject *
enter(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    exit_object *exit = ((restriction *)self)->exit;
    _PyInterpreterFrame *frame = origin_innermost_frame();

    if (exit == NULL || exit->is_entered || Py_REFCNT(exit) != 1 || frame == NULL ||
        _Py_GetBaseOpcode(_PyFrame_GetCode(frame), _PyInterpreterFrame_LASTI(frame)) != BEFORE_WITH) {
        PyErr_SetString(PyExc_RuntimeError, "restrict is for a with statement");
        return NULL;
    }
    const unsigned char *allowed = _Py_origin_allowed;
    if (origin_narrow(&allowed, ((restriction *)self)->policy) < 0) {
        return NULL;
    }
    exit->generator = NULL;
    if (frame->owner == FRAME_OWNED_BY_GENERATOR) {
        PyGenObject *generator = _PyFrame_GetGenerator(frame);
        const unsigned char *brought = generator->gi_origin;
        if (origin_narrow(&brought, ((restriction *)self)->policy) < 0) {
            return NULL;
        }
        exit->generator = generator;
        exit->generator_outer = (exit_object *)generator->gi_extents;
        exit->generator_before = generator->gi_origin;
        generator->gi_extents = (PyObject *)exit;
        generator->gi_origin = brought;
    }
    ((restriction *)self)->exit = NULL;
    exit->is_entered = 1;
    exit->frame = frame;
    exit->allowed_before = _Py_origin_allowed;
    exit->outer = entered;
    entered = exit;
    _Py_origin_allowed = allowed;
    Py_RETURN_NONE;
}

/* The generator's own extents, on the ground of what is in force around it now. */
static int
enter_again(exit_object *exit, const unsigned char **allowed)
{
    if (exit->generator_outer != NULL) {
        if (enter_again(exit->generator_outer, allowed) < 0) {
            return -1;
        }
    }
    else if (origin_join(allowed, exit->generator_before) < 0) {
        return -1;
    }
    exit->allowed_before = *allowed;
    return origin_narrow(allowed, exit->restriction->policy);
}

int
_Py_OriginResume(PyGenObject *generator)
{
    const unsigned char *before = _Py_origin_allowed, *allowed = before;
    exit_object *innermost = (exit_object *)generator->gi_extents;
    int status = innermost == NULL ? origin_join(&allowed, generator->gi_origin) : enter_again(innermost, &allowed);
    if (status < 0) {
        return -1;
    }
    _Py_origin_allowed = allowed;
    if (allowed != NULL && _Py_OriginRefusesFrame((_PyInterpreterFrame *)generator->gi_iframe)) {
        _Py_origin_allowed = before;
        return -1;
    }
    return 0;
}

void
_Py_OriginSuspend(PyGenObject *generator)
{
    exit_object *exit = (exit_object *)generator->gi_extents;
    while (exit->generator_outer != NULL) {
        exit = exit->generator_outer;
    }
    _Py_origin_allowed = exit->allowed_before;
}

int
_Py_OriginRefusesFrame(_PyInterpreterFrame *frame)
{
    int culprit;
    if (origin_allows(_Py_origin_allowed, _PyFrame_GetCode(frame)->co_origin, &culprit) &&
        origin_allows(_Py_origin_allowed, ((PyFunctionObject *)frame->f_funcobj)->func_origin, &culprit)) {
        return 0;
    }
    origin_refuse(culprit, frame, NULL);
    return 1;
}

int
origin_frame_refuses(_PyInterpreterFrame *frame, int label)
{
    for (exit_object *exit = entered; exit != NULL; exit = exit->outer) {
        if (exit->frame == frame && !origin_policy_allows(exit->restriction->policy, label)) {
            return 1;
        }
    }
    return 0;
}

static PyObject *
describe_frame(_PyInterpreterFrame *frame)
{
    PyCodeObject *code = _PyFrame_GetCode(frame);
    origin_parts parts = origin_parts_of(code->co_origin);
    return Py_BuildValue("(sOi)", origin_name_of(parts.labels[0]), code->co_qualname,
                         PyUnstable_InterpreterFrame_GetLine(frame));
}

/* From the restricted call to the offender. */
static PyObject *
describe_chain(int culprit, _PyInterpreterFrame *offender, const char *function)
{
    PyObject *chain = PyList_New(0);
    PyObject *link = offender == NULL
        ? Py_BuildValue("(ssO)", origin_name_of(culprit), function, Py_None)
        : Py_BuildValue("(sOi)", origin_name_of(culprit), _PyFrame_GetCode(offender)->co_qualname,
                        PyUnstable_InterpreterFrame_GetLine(offender));
    _PyInterpreterFrame *frame = origin_innermost_frame();
    int is_last = 0;

    for (int length = 0; chain != NULL && link != NULL && PyList_Append(chain, link) == 0; length++) {
        Py_CLEAR(link);
        while (frame != NULL && (frame->owner == FRAME_OWNED_BY_CSTACK || frame == offender)) {
            frame = frame->previous;
        }
        if (is_last || frame == NULL || length == MOST_IN_CHAIN) {
            if (PyList_Reverse(chain) == 0) {
                return chain;
            }
            break;
        }
        is_last = origin_frame_refuses(frame, culprit);
        link = describe_frame(frame);
        frame = frame->previous;
    }
    Py_XDECREF(link);
    Py_XDECREF(chain);
    return NULL;
}

void
origin_refuse(int culprit, _PyInterpreterFrame *frame, const char *function)
{
    PyObject *context = PyErr_GetRaisedException();
    const char *module = origin_name_of(culprit);
    PyObject *message = frame == NULL
        ? PyUnicode_FromFormat("code of module %s may not run here: %s", module, function)
        : PyUnicode_FromFormat("code of module %s may not run here: %U", module, _PyFrame_GetCode(frame)->co_qualname);
    PyObject *error = message == NULL ? NULL : PyObject_CallOneArg(policy_error, message);
    PyObject *chain = error == NULL ? NULL : describe_chain(culprit, frame, function);
    PyObject *name = chain == NULL ? NULL : PyUnicode_FromString(module);

    if (name != NULL && PyObject_SetAttrString(error, "module", name) == 0 &&
        PyObject_SetAttrString(error, "chain", chain) == 0) {
        if (context != NULL) {
            PyException_SetContext(error, Py_NewRef(context));
        }
        PyErr_SetRaisedException(Py_NewRef(error));
    }
    Py_XDECREF(context);
    Py_XDECREF(message);
    Py_XDECREF(error);
    Py_XDECREF(chain);
    Py_XDECREF(name);
}

static PyObject *
make_restriction(PyTypeObject *type, PyObject *arguments, PyObject *names)
{
    static char *known[] = {"deny", "allow", NULL};
    PyObject *nothing = PyTuple_New(0), *deny = nothing, *allow = Py_None;
    restriction *made = NULL;

    if (nothing != NULL && PyArg_ParseTupleAndKeywords(arguments, names, "|$OO:restrict", known, &deny, &allow)) {
        origin_policy *policy = NULL;
        if (deny == nothing && allow == Py_None) {
            PyErr_SetString(PyExc_TypeError, "restrict() needs deny, allow or both");
        }
        else {
            policy = origin_policy_of(deny, allow);
        }
        made = policy == NULL ? NULL : PyObject_New(restriction, type);
        if (made != NULL) {
            made->policy = policy;
            made->exit = NULL;
        }
    }
    Py_XDECREF(nothing);
    return (PyObject *)made;
}

static void
restriction_dealloc(PyObject *self)
{
    PyObject_Free(self);
}

PyDoc_STRVAR(restrict_doc,
"restrict(*, deny=(), allow=None)\n--\n\n"
"with restrict(deny=['os', 'socket']): ...\n"
"with restrict(allow=['json']): ...\n\n"
"As long as the with statement lasts, no code of the modules in `deny` may run, or of\n"
"any module but those in `allow`: PolicyError is raised where it would begin. A module's\n"
"name stands for its submodules and its half in C as well. Extents nest, and only narrow.");

static PyMethodDef restrict_methods[] = {
    {"__enter__", enter, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef restrict_getset[] = {
    {"__exit__", look_up_exit, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyTypeObject restrict_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "glovebox.restrict",
    .tp_basicsize = sizeof(restriction),
    .tp_doc = restrict_doc,
    .tp_new = make_restriction,
    .tp_dealloc = restriction_dealloc,
    .tp_methods = restrict_methods,
    .tp_getset = restrict_getset,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
};

PyDoc_STRVAR(policy_error_doc,
"Code was about to run in a restricted extent that does not allow its module.\n\n"
"module: the module's name.\n"
"chain: from the restricted call to the code that was refused, (module, name, line) each.");

int
glovebox_add_origin(PyObject *module)
{
    if (policy_error == NULL) {
        /* Not an OSError: libraries take that for something missing and try the next best. */
        policy_error =
            PyErr_NewExceptionWithDoc("glovebox.PolicyError", policy_error_doc, PyExc_RuntimeError, NULL);
    }
    if (policy_error == NULL || PyType_Ready(&_Py_OriginExit_Type) < 0 || PyType_Ready(&restrict_type) < 0) {
        return -1;
    }
    /* It is made inside extents: no program may put code of its own into that. */
    ((PyTypeObject *)policy_error)->tp_flags |= Py_TPFLAGS_IMMUTABLETYPE;
    return PyModule_AddObjectRef(module, "PolicyError", policy_error) < 0 ||
           PyModule_AddObjectRef(module, "restrict", (PyObject *)&restrict_type) < 0 ? -1 : 0;
}
