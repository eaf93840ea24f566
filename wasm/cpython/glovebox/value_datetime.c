/* Datetimes as instants. The datetime module is imported only where there is one. */
#include <Python.h>
#include <datetime.h>
#include <string.h>

#include "value_format.h"

#define SECOND INT64_C(1000000)
#define DAY (INT64_C(86400) * SECOND)

/* 0001-01-01 and the day after 9999-12-31, in days since 1970. */
#define FIRST_DAY INT64_C(-719162)
#define END_DAY INT64_C(2932897)

static int
import_api(void)
{
    if (PyDateTimeAPI == NULL) {
        PyDateTime_IMPORT;
    }
    return PyDateTimeAPI == NULL ? -1 : 0;
}

int
glovebox_is_datetime(PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);

    /* Names of static types can't be changed, so that this one is a hint that can't be forged. */
    while (type != NULL && (type->tp_flags & Py_TPFLAGS_HEAPTYPE)) {
        type = type->tp_base;
    }
    if (type == NULL || strcmp(type->tp_name, "datetime.datetime") != 0) {
        return 0;
    }
    return import_api() < 0 ? -1 : PyDateTime_Check(value);
}

/* Days since 1970 of a day of the Gregorian calendar. Years begin in March here, so that the odd day is the last. */
static int64_t
days_from_date(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = year / 400, year_of_era = year % 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void
date_from_days(int64_t days, int *year, int *month, int *day)
{
    days += 719468;
    int64_t era = days / 146097, day_of_era = days % 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;

    *day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    *month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

DatetimeFate
glovebox_datetime_to_microseconds(PyObject *value, int64_t *microseconds)
{
    /* datetime's own method, whatever a subclass says: it checks what the program's tzinfo answers. */
    PyObject *offset = PyObject_CallMethod((PyObject *)PyDateTimeAPI->DateTimeType, "utcoffset", "O", value);
    if (offset == NULL) {
        return DATETIME_FAILED;
    }
    if (!PyDelta_Check(offset)) {
        Py_DECREF(offset);
        return DATETIME_NAIVE;
    }
    int64_t shift = PyDateTime_DELTA_GET_DAYS(offset) * DAY + PyDateTime_DELTA_GET_SECONDS(offset) * SECOND
                    + PyDateTime_DELTA_GET_MICROSECONDS(offset);
    Py_DECREF(offset);

    int64_t day = days_from_date(
        PyDateTime_GET_YEAR(value), PyDateTime_GET_MONTH(value), PyDateTime_GET_DAY(value));
    int64_t seconds = (PyDateTime_DATE_GET_HOUR(value) * 60 + PyDateTime_DATE_GET_MINUTE(value)) * 60
                      + PyDateTime_DATE_GET_SECOND(value);
    *microseconds = day * DAY + seconds * SECOND + PyDateTime_DATE_GET_MICROSECOND(value) - shift;
    int fits = FIRST_DAY * DAY <= *microseconds && *microseconds < END_DAY * DAY;
    return fits ? DATETIME_CARRIED : DATETIME_OUTSIDE;
}

PyObject *
glovebox_datetime_from_microseconds(int64_t microseconds)
{
    if (microseconds < FIRST_DAY * DAY || microseconds >= END_DAY * DAY) {
        PyErr_SetString(PyExc_ValueError, "not a value: a datetime outside of the years 1 to 9999");
        return NULL;
    }
    if (import_api() < 0) {
        return NULL;
    }
    int64_t since_first = microseconds - FIRST_DAY * DAY;
    int seconds = (int)(since_first % DAY / SECOND);
    int year, month, day;
    date_from_days(since_first / DAY + FIRST_DAY, &year, &month, &day);
    return PyDateTimeAPI->DateTime_FromDateAndTime(
        year, month, day, seconds / 3600, seconds / 60 % 60, seconds % 60, (int)(since_first % SECOND),
        PyDateTime_TimeZone_UTC, PyDateTimeAPI->DateTimeType);
}
