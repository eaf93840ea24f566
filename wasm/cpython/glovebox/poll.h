/* Looking for signals, which here arrive by being asked for. */
#ifndef GLOVEBOX_POLL_H
#define GLOVEBOX_POLL_H

/* Ask the host for pending signals now, and trip their handlers. */
void glovebox_poll_now(void);

/* The same at the beginning of a turn: what has run since the last one ended is nobody's. */
void glovebox_poll_first(void);

/* And at its end: of what the host granted, which depends on how fast it is, nothing stays in memory. */
void glovebox_poll_last(void);

#endif
