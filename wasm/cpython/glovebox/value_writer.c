#include "value_writer.h"

#include <stdarg.h>
#include <string.h>

#include "value_format.h"

/* Of the way to a refused value, so many steps are told at either end. */
#define STEPS_AT_EITHER_END 5

int
glovebox_refuse(Writer *writer, PyObject *type, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    writer->problem = PyUnicode_FromFormatV(format, arguments);
    va_end(arguments);
    writer->problem_type = type;
    writer->steps = writer->problem == NULL ? NULL : PyList_New(0);
    if (writer->steps == NULL) {
        Py_CLEAR(writer->problem);
    }
    return -1;
}

/* Notes one step of the way to what has been refused. For a NULL step an exception is set. Always -1. */
static int
note_step(Writer *writer, PyObject *step)
{
    if (step == NULL || PyList_Append(writer->steps, step) < 0) {
        Py_CLEAR(writer->problem);
    }
    Py_XDECREF(step);
    return -1;
}

int
glovebox_failed_at_index(Writer *writer, Py_ssize_t index)
{
    return writer->problem == NULL ? -1 : note_step(writer, PyUnicode_FromFormat("[%zd]", index));
}

int
glovebox_failed_inside(Writer *writer, const char *what)
{
    return writer->problem == NULL ? -1 : note_step(writer, PyUnicode_FromString(what));
}

int
glovebox_failed_at_field(Writer *writer, PyObject *name)
{
    return writer->problem == NULL ? -1 : note_step(writer, PyUnicode_FromFormat(".%.40U", name));
}

/* Only of keys that run no code to be shown. */
int
glovebox_failed_at_key(Writer *writer, PyObject *key)
{
    if (writer->problem == NULL) {
        return -1;
    }
    if (PyUnicode_CheckExact(key) && PyUnicode_GET_LENGTH(key) <= 40) {
        return note_step(writer, PyUnicode_FromFormat("[%R]", key));
    }
    int overflow;
    long number = PyLong_CheckExact(key) ? PyLong_AsLongAndOverflow(key, &overflow) : 0;
    if (PyLong_CheckExact(key) && !overflow) {
        return note_step(writer, PyUnicode_FromFormat("[%ld]", number));
    }
    return note_step(writer, PyUnicode_FromFormat("[<%.100s>]", Py_TYPE(key)->tp_name));
}

void
glovebox_raise_refusal(Writer *writer, PyObject *root)
{
    Py_ssize_t count = PyList_GET_SIZE(writer->steps);
    PyObject *way = PyUnicode_FromString(Py_TYPE(root)->tp_name);

    for (Py_ssize_t index = 0; index < count; index++) {
        if (index == STEPS_AT_EITHER_END && count > 2 * STEPS_AT_EITHER_END) {
            index = count - STEPS_AT_EITHER_END;
            PyUnicode_AppendAndDel(&way, PyUnicode_FromString(" ... "));
        }
        PyUnicode_Append(&way, PyList_GET_ITEM(writer->steps, count - 1 - index));
    }
    if (way == NULL) {
        return;
    }
    if (count == 0) {
        PyErr_SetObject(writer->problem_type, writer->problem);
    }
    else {
        PyErr_Format(writer->problem_type, "%U: %U", way, writer->problem);
    }
    Py_DECREF(way);
}

int
glovebox_reserve(Writer *writer, Py_ssize_t more)
{
    if (more > writer->most_bytes - writer->used) {
        return glovebox_refuse(writer, PyExc_ValueError, "more than the %zd bytes that can be carried at once",
                      writer->most_bytes);
    }
    Py_ssize_t room = PyBytes_GET_SIZE(writer->bytes);
    if (more <= room - writer->used) {
        return 0;
    }
    return _PyBytes_Resize(&writer->bytes, Py_MAX(writer->used + more, room + room / 2));
}

uint8_t *
glovebox_next_bytes(Writer *writer, Py_ssize_t count)
{
    uint8_t *start = (uint8_t *)PyBytes_AS_STRING(writer->bytes) + writer->used;
    writer->used += count;
    return start;
}

int
glovebox_write_tag(Writer *writer, uint8_t tag)
{
    if (glovebox_reserve(writer, 1) < 0) {
        return -1;
    }
    *glovebox_next_bytes(writer, 1) = tag;
    return 0;
}

int
glovebox_write_scalar(Writer *writer, uint8_t tag, const void *bytes, Py_ssize_t size)
{
    if (glovebox_reserve(writer, 1 + size) < 0) {
        return -1;
    }
    uint8_t *start = glovebox_next_bytes(writer, 1 + size);
    start[0] = tag;
    memcpy(start + 1, bytes, size);
    return 0;
}

int
glovebox_write_size(Writer *writer, uint8_t tag, Py_ssize_t size)
{
    uint32_t count = (uint32_t)size;
    return glovebox_write_scalar(writer, tag, &count, sizeof count);
}

int
glovebox_write_blob(Writer *writer, uint8_t tag, const void *bytes, Py_ssize_t size)
{
    if (glovebox_reserve(writer, size) < 0 || glovebox_write_size(writer, tag, size) < 0 || glovebox_reserve(writer, size) < 0) {
        return -1;
    }
    memcpy(glovebox_next_bytes(writer, size), bytes, size);
    return 0;
}

int
glovebox_write_text(Writer *writer, PyObject *text)
{
    if (PyUnicode_IS_ASCII(text)) {
        return glovebox_write_blob(writer, TAG_TEXT, PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text));
    }
    /* No character takes less than a byte: what is too long is not encoded first. */
    if (glovebox_reserve(writer, PyUnicode_GET_LENGTH(text)) < 0) {
        return -1;
    }
    PyObject *encoded = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
    if (encoded == NULL) {
        return -1;
    }
    int status =
        glovebox_write_blob(writer, TAG_TEXT, PyBytes_AS_STRING(encoded), PyBytes_GET_SIZE(encoded));
    Py_DECREF(encoded);
    return status;
}

/* `bytes` hold the magnitude, little-endian. */
static int
write_digits(Writer *writer, const uint8_t *bytes, Py_ssize_t size, int negative)
{
    while (size > 0 && bytes[size - 1] == 0) {
        size--;
    }
    Py_ssize_t bits = size * 8;
    while (bits > 0 && !(bytes[(bits - 1) / 8] >> (bits - 1) % 8 & 1)) {
        bits--;
    }
    int32_t count = (int32_t)((bits + DIGIT_BITS - 1) / DIGIT_BITS);
    if (count > MOST_DIGITS) {
        return glovebox_refuse(writer, PyExc_ValueError, "an int of more than %d bits can't be carried",
                      MOST_DIGITS * DIGIT_BITS);
    }
    int32_t signed_count = negative ? -count : count;
    if (glovebox_reserve(writer, 5 + 2 * count) < 0
        || glovebox_write_scalar(writer, TAG_LONG, &signed_count, sizeof signed_count) < 0) {
        return -1;
    }
    uint8_t *digit = glovebox_next_bytes(writer, 2 * count);
    uint32_t held = 0;
    int held_bits = 0;
    for (Py_ssize_t index = 0; index < size || held_bits > 0;) {
        while (held_bits < DIGIT_BITS && index < size) {
            held |= (uint32_t)bytes[index++] << held_bits;
            held_bits += 8;
        }
        if (count-- > 0) {
            *digit++ = held & 0xff;
            *digit++ = (held & DIGIT_MASK) >> 8;
        }
        held >>= DIGIT_BITS;
        held_bits -= Py_MIN(DIGIT_BITS, held_bits);
    }
    return 0;
}

int
glovebox_write_int(Writer *writer, PyObject *value)
{
    int overflow;
    long number = PyLong_AsLongAndOverflow(value, &overflow);
    if (!overflow && number >= INT32_MIN && number <= INT32_MAX) {
        int32_t small = (int32_t)number;
        return glovebox_write_scalar(writer, TAG_INT, &small, sizeof small);
    }

    const int flags = Py_ASNATIVEBYTES_LITTLE_ENDIAN;
    Py_ssize_t size = PyLong_AsNativeBytes(value, NULL, 0, flags);
    if (size < 0) {
        return -1;
    }
    /* Two's complement: one bit more than the magnitude has. */
    if (size > MOST_DIGITS * DIGIT_BITS / 8 + 8) {
        return glovebox_refuse(writer, PyExc_ValueError, "an int of more than %d bits can't be carried",
                      MOST_DIGITS * DIGIT_BITS);
    }
    uint8_t *bytes = PyMem_Malloc(size);
    if (bytes == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    int status = -1;
    if (PyLong_AsNativeBytes(value, bytes, size, flags) >= 0) {
        int negative = bytes[size - 1] >> 7;
        unsigned carry = 1;
        for (Py_ssize_t index = 0; negative && index < size; index++) {
            carry += (uint8_t)~bytes[index];
            bytes[index] = (uint8_t)carry;
            carry >>= 8;
        }
        status = write_digits(writer, bytes, size, negative);
    }
    PyMem_Free(bytes);
    return status;
}
