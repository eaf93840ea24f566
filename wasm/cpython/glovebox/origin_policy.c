/* What may run: policies, the tables of what several of them allow together, and whose C functions are. */
#include "origin.h"

#include <string.h>

struct origin_policy {
    origin_policy *next;
    /* Sorted names, and none twice. `allow` is NULL where everything is allowed that is not denied. */
    int deny_count, allow_count;
    const char **deny, **allow;
};

/* All of one content have one address, so that they can be compared by it. */
static origin_policy *policies;

typedef struct table {
    unsigned char allowed[LABELS];
    struct table *next;
    int count;
    /* Sorted by address. */
    origin_policy *policies[];
} table;

static table *tables;

const unsigned char *_Py_origin_allowed;

static int
starts_with_module(const char *name, const char *module)
{
    size_t length = strlen(module);
    return strncmp(name, module, length) == 0 && (name[length] == '\0' || name[length] == '.');
}

/* The module whose half in C, or whose inner part, this is; or the same. */
static const char *
public_name_of(const char *name)
{
    static const char *const homes[][2] = {
        {"_frozen_importlib", "importlib"}, {"_frozen_importlib_external", "importlib"},
        {"_imp", "importlib"}, {"_posixsubprocess", "subprocess"}, {"_thread", "threading"},
        {"posix", "os"}, {"pyexpat", "xml"}, {"zipimport", "importlib"},
    };
    for (size_t index = 0; index < Py_ARRAY_LENGTH(homes); index++) {
        if (strcmp(name, homes[index][0]) == 0) {
            return homes[index][1];
        }
    }
    return name[0] == '_' && name[1] != '_' ? name + 1 : name;
}

static int
names_cover(const char **names, int count, const char *name)
{
    const char *public_name = public_name_of(name);
    for (int index = 0; index < count; index++) {
        if (starts_with_module(name, names[index]) || starts_with_module(public_name, names[index])) {
            return 1;
        }
    }
    return 0;
}

int
origin_policy_allows(const origin_policy *policy, int label)
{
    if (label == LABEL_LANGUAGE) {
        return 1;
    }
    if (label == LABEL_UNKNOWN) {
        return 0;
    }
    const char *name = origin_name_of(label);
    return !names_cover(policy->deny, policy->deny_count, name) &&
           (policy->allow == NULL || names_cover(policy->allow, policy->allow_count, name));
}

int
origin_allows(const unsigned char *allowed, int label, int *culprit)
{
    table *all = (table *)allowed;
    if (allowed == NULL || allowed[label]) {
        return 1;
    }
    origin_parts parts = origin_parts_of(label);
    for (int part = 0; part < parts.count; part++) {
        for (int index = 0; index < all->count; index++) {
            if (!origin_policy_allows(all->policies[index], parts.labels[part])) {
                *culprit = parts.labels[part];
                return 0;
            }
        }
    }
    all->allowed[label] = 1;
    return 1;
}

static int
compare_names(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static void
free_names(const char **names, int count)
{
    for (int index = 0; names != NULL && index < count; index++) {
        PyMem_RawFree((void *)names[index]);
    }
    PyMem_RawFree(names);
}

static const char **
take_names(PyObject *sequence, const char *what, int *count)
{
    if (PyUnicode_Check(sequence)) {
        PyErr_Format(PyExc_TypeError, "%s takes several names of modules, not one str", what);
        return NULL;
    }
    PyObject *list = PySequence_List(sequence);
    if (list == NULL) {
        return NULL;
    }
    Py_ssize_t size = PyList_GET_SIZE(list);
    const char **names = PyMem_RawCalloc(size + 1, sizeof(*names));
    *count = 0;
    for (Py_ssize_t index = 0; names != NULL && index < size; index++) {
        PyObject *item = PyList_GET_ITEM(list, index);
        const char *text = PyUnicode_Check(item) ? PyUnicode_AsUTF8(item) : NULL;
        if (text == NULL || text[0] == '\0') {
            if (!PyErr_Occurred()) {
                PyErr_Format(PyExc_TypeError, "%s takes names of modules, not %R", what, item);
            }
            break;
        }
        char *copy = PyMem_RawMalloc(strlen(text) + 1);
        if (copy == NULL) {
            break;
        }
        names[(*count)++] = strcpy(copy, text);
    }
    Py_DECREF(list);
    if (names == NULL || *count < size) {
        free_names(names, *count);
        return (const char **)(PyErr_Occurred() ? NULL : PyErr_NoMemory());
    }
    qsort(names, *count, sizeof(*names), compare_names);
    int kept = 0;
    for (int index = 0; index < *count; index++) {
        if (kept > 0 && strcmp(names[kept - 1], names[index]) == 0) {
            PyMem_RawFree((void *)names[index]);
        }
        else {
            names[kept++] = names[index];
        }
    }
    *count = kept;
    return names;
}

static int
same_names(const char **some, int some_count, const char **others, int other_count)
{
    if (some_count != other_count || (some == NULL) != (others == NULL)) {
        return 0;
    }
    for (int index = 0; index < some_count; index++) {
        if (strcmp(some[index], others[index]) != 0) {
            return 0;
        }
    }
    return 1;
}

origin_policy *
origin_policy_of(PyObject *deny, PyObject *allow)
{
    origin_policy made = {0};

    made.deny = take_names(deny, "deny", &made.deny_count);
    if (made.deny == NULL) {
        return NULL;
    }
    if (allow != Py_None) {
        made.allow = take_names(allow, "allow", &made.allow_count);
        if (made.allow == NULL) {
            free_names(made.deny, made.deny_count);
            return NULL;
        }
    }
    origin_policy *policy = policies;
    while (policy != NULL && !(same_names(policy->deny, policy->deny_count, made.deny, made.deny_count) &&
                               same_names(policy->allow, policy->allow_count, made.allow, made.allow_count))) {
        policy = policy->next;
    }
    if (policy == NULL) {
        policy = PyMem_RawMalloc(sizeof(*policy));
        if (policy != NULL) {
            made.next = policies;
            return policies = memcpy(policy, &made, sizeof(made));
        }
        PyErr_NoMemory();
    }
    free_names(made.deny, made.deny_count);
    free_names(made.allow, made.allow_count);
    return policy;
}

/* The table of the policies of `base` and these. */
static int
narrow(const unsigned char **allowed, origin_policy *const *added, int added_count)
{
    table *base = (table *)*allowed;
    int base_count = base == NULL ? 0 : base->count, count = 0;
    table *made = PyMem_RawCalloc(1, sizeof(table) + (base_count + added_count) * sizeof(origin_policy *));
    if (made == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int i = 0, j = 0; i < base_count || j < added_count;) {
        int from_base = j == added_count || (i < base_count && base->policies[i] <= added[j]);
        origin_policy *policy = from_base ? base->policies[i] : added[j];
        i += i < base_count && base->policies[i] == policy;
        j += j < added_count && added[j] == policy;
        made->policies[count++] = policy;
    }
    for (table *other = tables; other != NULL; other = other->next) {
        if (other->count == count && memcmp(other->policies, made->policies, count * sizeof(origin_policy *)) == 0) {
            PyMem_RawFree(made);
            *allowed = other->allowed;
            return 0;
        }
    }
    made->count = count;
    made->allowed[LABEL_LANGUAGE] = 1;
    made->next = tables;
    tables = made;
    *allowed = made->allowed;
    return 0;
}

int
origin_narrow(const unsigned char **allowed, origin_policy *policy)
{
    return narrow(allowed, &policy, 1);
}

int
origin_join(const unsigned char **allowed, const unsigned char *other)
{
    if (other == NULL || other == *allowed) {
        return 0;
    }
    if (*allowed == NULL) {
        *allowed = other;
        return 0;
    }
    return narrow(allowed, ((table *)other)->policies, ((table *)other)->count);
}

int
_Py_OriginNarrow(const unsigned char *allowed)
{
    return origin_join(&_Py_origin_allowed, allowed);
}

void
glovebox_origin_begin(void)
{
    _Py_origin_allowed = NULL;
}
