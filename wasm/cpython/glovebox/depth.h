/* How deep C may call itself, see 0003-stack-depth.patch. */
#ifndef GLOVEBOX_DEPTH_H
#define GLOVEBOX_DEPTH_H

#include <stdint.h>

/* Allows `depth` nested calls of the interpreter's C, for the engine that runs it from now on. */
void glovebox_limit_depth(int32_t depth);

/* Calls itself `depth` times, with frames as big as the interpreter's. An engine that can't takes the
 * call down with an error of its own, and leaves the guest as it was. */
int64_t glovebox_try_depth(int32_t depth);

#endif
