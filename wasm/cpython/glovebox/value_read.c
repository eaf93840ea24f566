/* The reader of values. The host writes them, and yet no byte is taken for what it should be. */
#include <Python.h>
#include <string.h>

#include "handle.h"
#include "value.h"
#include "value_format.h"

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
    Py_ssize_t values;
    int depth;
} Reader;

static PyObject *read_value(Reader *reader);

static PyObject *
malformed(const char *why)
{
    PyErr_Format(PyExc_ValueError, "not a value: %s", why);
    return NULL;
}

/* The next bytes, or NULL with an exception set. */
static const uint8_t *
take(Reader *reader, size_t size)
{
    if (size > (size_t)(reader->end - reader->at)) {
        malformed("cut short");
        return NULL;
    }
    const uint8_t *start = reader->at;
    reader->at += size;
    return start;
}

/* A tag and what it says are little-endian, as is the machine. */
static int
take_into(Reader *reader, void *into, size_t size)
{
    const uint8_t *bytes = take(reader, size);
    if (bytes == NULL) {
        return -1;
    }
    memcpy(into, bytes, size);
    return 0;
}

static PyObject *
read_int(Reader *reader)
{
    int32_t number;
    return take_into(reader, &number, sizeof number) < 0 ? NULL : PyLong_FromLong(number);
}

/* Of `count` digits, which are there. */
static PyObject *
join_digits(const uint8_t *digits, Py_ssize_t count)
{
    uint8_t *bytes = PyMem_Calloc(count * 2 + 1, 1);
    if (bytes == NULL) {
        return PyErr_NoMemory();
    }
    Py_ssize_t size = 0;
    uint32_t held = 0;
    int held_bits = 0, is_normal = 1;
    for (Py_ssize_t index = 0; index < count; index++) {
        uint32_t digit = digits[2 * index] | (uint32_t)digits[2 * index + 1] << 8;
        is_normal = digit <= DIGIT_MASK && digit != 0;
        if (digit > DIGIT_MASK) {
            break;
        }
        held |= digit << held_bits;
        for (held_bits += DIGIT_BITS; held_bits >= 8; held_bits -= 8) {
            bytes[size++] = held & 0xff;
            held >>= 8;
        }
    }
    bytes[size++] = held & 0xff;
    PyObject *number =
        is_normal || count == 0
            ? PyLong_FromUnsignedNativeBytes(bytes, size, Py_ASNATIVEBYTES_LITTLE_ENDIAN)
            : malformed("digits of an int out of range");
    PyMem_Free(bytes);
    return number;
}

static PyObject *
read_long(Reader *reader)
{
    int32_t size;
    if (take_into(reader, &size, sizeof size) < 0) {
        return NULL;
    }
    if (size < -MOST_DIGITS || size > MOST_DIGITS) {
        return malformed("an int of too many digits");
    }
    int32_t count = size < 0 ? -size : size;
    const uint8_t *digits = take(reader, 2 * (size_t)count);
    PyObject *number = digits == NULL ? NULL : join_digits(digits, count);
    if (number != NULL && size < 0) {
        Py_SETREF(number, PyNumber_Negative(number));
    }
    return number;
}

static PyObject *
read_float(Reader *reader)
{
    double number;
    return take_into(reader, &number, sizeof number) < 0 ? NULL : PyFloat_FromDouble(number);
}

/* Its size is only a claim. */
static const uint8_t *
take_blob(Reader *reader, uint32_t *size)
{
    return take_into(reader, size, sizeof *size) < 0 ? NULL : take(reader, *size);
}

static PyObject *
read_bytes(Reader *reader)
{
    uint32_t size;
    const uint8_t *bytes = take_blob(reader, &size);
    return bytes == NULL ? NULL : PyBytes_FromStringAndSize((const char *)bytes, size);
}

static PyObject *
read_text(Reader *reader)
{
    uint32_t size;
    const uint8_t *bytes = take_blob(reader, &size);
    return bytes == NULL ? NULL : PyUnicode_DecodeUTF8((const char *)bytes, size, "surrogatepass");
}

/* Grows with what is really there. */
static PyObject *
read_list(Reader *reader)
{
    uint32_t count;
    PyObject *list = take_into(reader, &count, sizeof count) < 0 ? NULL : PyList_New(0);

    for (uint32_t index = 0; list != NULL && index < count; index++) {
        PyObject *item = read_value(reader);
        if (item == NULL || PyList_Append(list, item) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(item);
    }
    return list;
}

static PyObject *
read_tuple(Reader *reader)
{
    PyObject *list = read_list(reader);
    if (list != NULL) {
        Py_SETREF(list, PyList_AsTuple(list));
    }
    return list;
}

static PyObject *
read_set(Reader *reader, int frozen)
{
    PyObject *list = read_list(reader);
    if (list != NULL) {
        Py_SETREF(list, frozen ? PyFrozenSet_New(list) : PySet_New(list));
    }
    return list;
}

static PyObject *
read_dict(Reader *reader)
{
    PyObject *dict = PyDict_New();

    while (dict != NULL) {
        if (reader->at < reader->end && *reader->at == TAG_DICT_END) {
            reader->at++;
            break;
        }
        PyObject *key = read_value(reader);
        PyObject *value = key == NULL ? NULL : read_value(reader);
        if (value == NULL || PyDict_SetItem(dict, key, value) < 0) {
            Py_CLEAR(dict);
        }
        Py_XDECREF(key);
        Py_XDECREF(value);
    }
    return dict;
}

static PyObject *
read_datetime(Reader *reader)
{
    int64_t microseconds;
    if (take_into(reader, &microseconds, sizeof microseconds) < 0) {
        return NULL;
    }
    return glovebox_datetime_from_microseconds(microseconds);
}

/* A name, or a field's name: a value that has to be a text. */
static PyObject *
read_name(Reader *reader)
{
    const uint8_t *tag = take(reader, 1);
    if (tag == NULL) {
        return NULL;
    }
    return *tag == TAG_TEXT ? read_text(reader) : malformed("a name that is no text");
}

static PyObject *
read_fields(Reader *reader)
{
    uint32_t count;
    PyObject *fields = take_into(reader, &count, sizeof count) < 0 ? NULL : PyDict_New();

    for (uint32_t index = 0; fields != NULL && index < count; index++) {
        PyObject *name = read_name(reader);
        PyObject *value = name == NULL ? NULL : read_value(reader);
        int is_there = value == NULL ? -1 : PyDict_Contains(fields, name);
        if (is_there > 0) {
            malformed("a record with two fields of one name");
        }
        if (is_there != 0 || PyDict_SetItem(fields, name, value) < 0) {
            Py_CLEAR(fields);
        }
        Py_XDECREF(name);
        Py_XDECREF(value);
    }
    return fields;
}

static PyObject *
read_record(Reader *reader)
{
    PyObject *name = read_name(reader);
    PyObject *fields = name == NULL ? NULL : read_fields(reader);
    PyObject *record = NULL;

    if (fields != NULL) {
        record = PyObject_VectorcallDict(glovebox_record_type, &name, 1, fields);
    }
    Py_XDECREF(name);
    Py_XDECREF(fields);
    return record;
}

static PyObject *
read_handle(Reader *reader)
{
    uint64_t id;
    uint32_t kind;
    if (take_into(reader, &id, sizeof id) < 0 || take_into(reader, &kind, sizeof kind) < 0) {
        return NULL;
    }
    return glovebox_receive_handle(id, kind);
}

static PyObject *
read_tagged(Reader *reader, uint8_t tag)
{
    switch (tag) {
    case TAG_NONE: Py_RETURN_NONE;
    case TAG_TRUE: Py_RETURN_TRUE;
    case TAG_FALSE: Py_RETURN_FALSE;
    case TAG_INT: return read_int(reader);
    case TAG_LONG: return read_long(reader);
    case TAG_FLOAT: return read_float(reader);
    case TAG_BYTES: return read_bytes(reader);
    case TAG_TEXT: return read_text(reader);
    case TAG_TUPLE: return read_tuple(reader);
    case TAG_LIST: return read_list(reader);
    case TAG_DICT: return read_dict(reader);
    case TAG_SET: return read_set(reader, 0);
    case TAG_FROZENSET: return read_set(reader, 1);
    case TAG_DATETIME: return read_datetime(reader);
    case TAG_RECORD: return read_record(reader);
    case TAG_HANDLE: return read_handle(reader);
    default: return malformed("an unknown tag");
    }
}

static PyObject *
read_value(Reader *reader)
{
    if (reader->depth > MOST_DEPTH) {
        return malformed("nested too deeply");
    }
    if (++reader->values > MOST_VALUES) {
        return malformed("too many values");
    }
    const uint8_t *tag = take(reader, 1);
    if (tag == NULL || Py_EnterRecursiveCall(" while a value was read") < 0) {
        return NULL;
    }
    reader->depth++;
    PyObject *value = read_tagged(reader, *tag);
    reader->depth--;
    Py_LeaveRecursiveCall();
    return value;
}

PyObject *
glovebox_loads(const uint8_t *bytes, Py_ssize_t size)
{
    Reader reader = {.at = bytes, .end = bytes + size};

    if (size > GLOVEBOX_MOST_BYTES) {
        return malformed("too many bytes");
    }
    PyObject *value = read_value(&reader);
    if (value != NULL && reader.at != reader.end) {
        Py_DECREF(value);
        return malformed("bytes after it");
    }
    return value;
}
