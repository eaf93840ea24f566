/* What the writer and the reader of values have in common. */
#ifndef GLOVEBOX_VALUE_FORMAT_H
#define GLOVEBOX_VALUE_FORMAT_H

#include <Python.h>
#include <stdint.h>

enum {
    TAG_NONE = 'N',
    TAG_TRUE = 'T',
    TAG_FALSE = 'F',
    TAG_INT = 'i',
    TAG_LONG = 'l',
    TAG_FLOAT = 'g',
    TAG_BYTES = 's',
    TAG_TEXT = 'u',
    TAG_TUPLE = '(',
    TAG_LIST = '[',
    TAG_DICT = '{',
    TAG_DICT_END = '0',
    TAG_SET = '<',
    TAG_FROZENSET = '>',
    /* Ours; marshal has no such tags. */
    TAG_DATETIME = 'D',
    TAG_RECORD = 'R',
    TAG_HANDLE = 'H',
};

#define MOST_DEPTH 100
#define MOST_VALUES 1000000

/* A long int is written in digits of 15 bits. Engines stop at ints of 2**20 bits: this is somewhat less. */
#define DIGIT_BITS 15
#define DIGIT_MASK 0x7fff
#define MOST_DIGITS 66666

/* The type glovebox.Record, once values have been prepared. */
extern PyObject *glovebox_record_type;

/* Whether it is a datetime: 1 or 0, or -1 with an exception set. Imports nothing for what is none. */
int glovebox_is_datetime(PyObject *value);

/* Whether a datetime can be carried, as microseconds since 1970 in UTC. */
typedef enum {
    DATETIME_FAILED = -1, /* an exception is set */
    DATETIME_CARRIED,
    DATETIME_NAIVE,
    DATETIME_OUTSIDE,
} DatetimeFate;

DatetimeFate glovebox_datetime_to_microseconds(PyObject *value, int64_t *microseconds);

/* A datetime in UTC; ValueError outside of the years that datetime has. */
PyObject *glovebox_datetime_from_microseconds(int64_t microseconds);

#endif
