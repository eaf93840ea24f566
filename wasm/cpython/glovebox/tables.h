/* Modules whose tables few programs read, 1.3 MB in all: they are files of the library instead of data of the module. The
 * build reads this list as well. */
#ifndef GLOVEBOX_TABLES_H
#define GLOVEBOX_TABLES_H

#include <stddef.h>

#define GLOVEBOX_TABLES(X) \
    X(unicodedata) \
    X(_codecs_cn) \
    X(_codecs_hk) \
    X(_codecs_jp) \
    X(_codecs_kr) \
    X(_codecs_tw)

struct table {
    unsigned char *start;
    /* 0: what belongs there is there. */
    size_t length;
};

/* In the order of the list. The build notes here what it has taken out of the module. */
extern struct table glovebox_tables[];

#endif
