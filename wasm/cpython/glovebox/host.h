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

/* A message to the page's capabilities, and their answer. *size == 0: it is longer, host_capability_rest gives it. */
GLOVEBOX_IMPORT("capability_call")
int32_t host_capability_call(const uint8_t *request, uint32_t request_length, uint8_t *buffer, uint32_t length,
                             uint32_t *size);

/* The answer to the last message, where a signal came first or there was no room for it. */
GLOVEBOX_IMPORT("capability_rest")
int32_t host_capability_rest(uint8_t *buffer, uint32_t length, uint32_t *size);

/* Which signals are pending: bit n stands for signal n. `steps` is what ran since the last poll, `*grant`
 * what may run before the next. */
GLOVEBOX_IMPORT("poll")
int32_t host_poll(uint32_t steps, uint32_t *signals, uint32_t *grant);

#endif
