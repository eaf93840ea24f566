#ifndef GLOVEBOX_MODULE_H
#define GLOVEBOX_MODULE_H

#include <Python.h>

PyMODINIT_FUNC PyInit__glovebox(void);

#endif
