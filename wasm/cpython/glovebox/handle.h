/* Handles: objects of the host's, as the guest has them. A handle's number is all that it is, and no Python code
 * makes one, reads its number or copies it. */
#ifndef GLOVEBOX_HANDLE_H
#define GLOVEBOX_HANDLE_H

#include <Python.h>
#include <stdint.h>

/* Gives the module Handle, set_kind and take_released. 0, or -1 with an exception set. */
int glovebox_add_handles(PyObject *module);
void glovebox_end_handles(void);

int glovebox_is_handle(PyObject *value);

/* Of what glovebox_is_handle says is one. */
uint64_t glovebox_handle_id(PyObject *handle);
uint32_t glovebox_handle_kind(PyObject *handle);

/* The handle of that number: the very same object as long as there is one. New reference. */
PyObject *glovebox_receive_handle(uint64_t id, uint32_t kind);

/* Which handles the guest has let go since the last time, as bytes: 12 for each, its id (u64) and how often it
 * had arrived (u32), little-endian. The host counts how often it has sent one: it may be on its way again. */
PyObject *glovebox_take_released(void);

#endif
