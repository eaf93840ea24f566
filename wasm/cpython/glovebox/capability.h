/* What the guest asks of the page's capabilities. */
#ifndef GLOVEBOX_CAPABILITY_H
#define GLOVEBOX_CAPABILITY_H

#include <Python.h>

extern PyMethodDef glovebox_ask_method;

#endif
