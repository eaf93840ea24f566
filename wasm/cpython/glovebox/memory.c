/* The heap's growth. WebKit copies a whole memory to grow it, once it has run out of address space to
 * reserve for memories: libc's own sbrk, which asks for as little as it needs each time, lets a program that
 * fills 64 MiB stand still for seconds. This one takes more than it needs, in proportion. */
#include "memory.h"

#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define PAGE_BYTES 65536u

/* As part of what there is. */
#define MORE 8

/* No more is given meanwhile: what is asked for has to be there already. */
static int closed;

/* Where the heap ends, and how far what the engine gave reaches, in pages. */
static size_t end_pages;
static size_t given_pages;

static int take_pages(size_t pages) {
    if (__builtin_wasm_memory_grow(0, pages) == SIZE_MAX) return 0;
    given_pages += pages;
    return 1;
}

void *sbrk(intptr_t increment) {
    if (given_pages == 0) end_pages = given_pages = __builtin_wasm_memory_size(0);
    uintptr_t end = end_pages * PAGE_BYTES;
    if (increment == 0) return (void *)end;
    if (increment < 0 || increment % PAGE_BYTES != 0) {
        errno = EINVAL;
        return (void *)-1;
    }
    if (closed) {
        errno = ENOMEM;
        return (void *)-1;
    }
    size_t pages = (size_t)increment / PAGE_BYTES;
    size_t left = given_pages - end_pages;
    if (pages > left && !take_pages(pages - left + given_pages / MORE) && !take_pages(pages - left)) {
        errno = ENOMEM;
        return (void *)-1;
    }
    end_pages += pages;
    return (void *)end;
}

#define LARGEST_CHUNK ((size_t)1 << 20)
#define SMALLEST_CHUNK 64

/* Only where need be: an engine gives memory to pages that are written to. */
static void clear(uint64_t *words, size_t bytes) {
    for (size_t index = 0; index < bytes / sizeof(uint64_t); index++) {
        if (words[index] != 0) words[index] = 0;
    }
}

void glovebox_clear_free_memory(void) {
    int error = errno;
    void **taken = NULL;
    closed = 1;
    for (size_t size = LARGEST_CHUNK; size >= SMALLEST_CHUNK; size /= 2) {
        for (void **chunk; (chunk = malloc(size)) != NULL; taken = chunk) {
            clear((uint64_t *)chunk, malloc_usable_size(chunk));
            *chunk = taken;
        }
    }
    closed = 0;
    while (taken != NULL) {
        void **next = *taken;
        *taken = NULL;
        free(taken);
        taken = next;
    }
    errno = error;
}
