#ifndef GLOVEBOX_TURN_H
#define GLOVEBOX_TURN_H

/* Imports the Python side of a turn and keeps it. 0, or -1 with an exception set. */
int glovebox_prepare_turns(void);

/* One request, from the host and back. 0 is good. */
int glovebox_run_turn(void);

/* Drops what turns need; none may follow. */
void glovebox_end_turns(void);

#endif
