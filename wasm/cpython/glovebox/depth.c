#include "depth.h"

#include <Python.h>

/* Stood by every engine seen so far, with room to spare. */
#define DEFAULT_DEPTH 400

/* One level of the parser takes so much less of the engine's stack than one of the interpreter. */
#define PARSER_LEVELS 10

/* CPython's own limit for WASI: however large the stack, a text nests no deeper. */
#define MOST_PARSER_LEVELS 4000

/* Values that a probing frame keeps alive over its inner call, so that the engine has to store them:
 * with their eight bytes each they weigh as much as the frames between two Python functions that call
 * each other through C. */
#define PROBE_VALUES 200

int _Py_wasi_c_recursion_limit = DEFAULT_DEPTH;
int _Py_wasi_parser_depth_limit = DEFAULT_DEPTH * PARSER_LEVELS;

void
glovebox_limit_depth(int32_t depth)
{
    if (Py_IsInitialized()) {
        PyThreadState_Get()->c_recursion_remaining += depth - _Py_wasi_c_recursion_limit;
    }
    _Py_wasi_c_recursion_limit = depth;
    _Py_wasi_parser_depth_limit = Py_MIN(depth * PARSER_LEVELS, MOST_PARSER_LEVELS);
}

#define LOAD_8(n) \
    int64_t a##n = source[8 * n], b##n = source[8 * n + 1], c##n = source[8 * n + 2], \
            d##n = source[8 * n + 3], e##n = source[8 * n + 4], f##n = source[8 * n + 5], \
            g##n = source[8 * n + 6], h##n = source[8 * n + 7];
#define SUM_8(n) a##n + b##n + c##n + d##n + e##n + f##n + g##n + h##n
#define ALL(each, between) \
    each(0) between each(1) between each(2) between each(3) between each(4) between \
    each(5) between each(6) between each(7) between each(8) between each(9) between \
    each(10) between each(11) between each(12) between each(13) between each(14) between \
    each(15) between each(16) between each(17) between each(18) between each(19) between \
    each(20) between each(21) between each(22) between each(23) between each(24)
#define NOTHING

static volatile int64_t source[PROBE_VALUES];

__attribute__((noinline)) int64_t
glovebox_try_depth(int32_t depth)
{
    if (depth <= 0) {
        return 0;
    }
    ALL(LOAD_8, NOTHING)
    int64_t inner = glovebox_try_depth(depth - 1);
    /* Shifted, so that the compiler can't turn the recursion into a loop that adds. */
    return (inner >> 1) + ALL(SUM_8, +);
}
