/* The heap's growth. WebKit copies a whole memory to grow it, once it has run out of address space to
 * reserve for memories: libc's own sbrk, which asks for as little as it needs each time, lets a program that
 * fills 64 MiB stand still for seconds. This one takes more than it needs, in proportion. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#define PAGE_BYTES 65536u

/* As part of what there is. */
#define MORE 8

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
    size_t pages = (size_t)increment / PAGE_BYTES;
    size_t left = given_pages - end_pages;
    if (pages > left && !take_pages(pages - left + given_pages / MORE) && !take_pages(pages - left)) {
        errno = ENOMEM;
        return (void *)-1;
    }
    end_pages += pages;
    return (void *)end;
}
