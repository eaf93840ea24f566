/* Looking for signals, which here arrive by being asked for. */
#ifndef GLOVEBOX_POLL_H
#define GLOVEBOX_POLL_H

/* Ask the host for pending signals now, and trip their handlers. */
void glovebox_poll_now(void);

#endif
