/* The host calls that are ours, beside WASI's own. Each answers an errno. */
#ifndef GLOVEBOX_HOST_H
#define GLOVEBOX_HOST_H

#include <stdint.h>

#define GLOVEBOX_IMPORT(name) \
    __attribute__((__import_module__("glovebox"), __import_name__(name)))

/* The next bytes of the turn's request; *size == 0 is its end. */
GLOVEBOX_IMPORT("request_read")
int32_t host_request_read(uint8_t *buffer, uint32_t length, uint32_t *size);

/* The next bytes of the turn's result. */
GLOVEBOX_IMPORT("result_write")
int32_t host_result_write(const uint8_t *buffer, uint32_t length);

/* Which signals are pending: bit n stands for signal n. `steps` is what ran since the last poll, `*grant`
 * what may run before the next. */
GLOVEBOX_IMPORT("poll")
int32_t host_poll(uint32_t steps, uint32_t *signals, uint32_t *grant);

#endif
