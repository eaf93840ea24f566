/* What `-fprofile-generate` asks of a run-time library, which for WebAssembly there is none of: the
 * counters' way into a file that llvm-profdata reads. Its layout is what the compiler's own header says. */
#include "counters.h"
#include "values.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

extern uint64_t counters[] __asm__("__start___llvm_prf_cnts");
extern uint64_t counters_end[] __asm__("__stop___llvm_prf_cnts");
extern const char names[] __asm__("__start___llvm_prf_names");
extern const char names_end[] __asm__("__stop___llvm_prf_names");

/* Of the format that the compiler's objects are in. */
extern const uint64_t __llvm_profile_raw_version;

/* The compiler refers to it in each object, so that the run-time library is linked. */
int __llvm_profile_runtime;

void
training_reset_counters(void)
{
    memset(counters, 0, (size_t)(counters_end - counters) * sizeof counters[0]);
    training_reset_values();
}

int
training_write_counters(const char *path)
{
    uint64_t record_count = (uint64_t)(records_end - records);
    uint64_t counter_count = (uint64_t)(counters_end - counters);
    uint64_t names_size = (uint64_t)(names_end - names);
    /* In the order of INSTR_PROF_RAW_HEADER. Nothing of ours is padded, and there are no bitmaps, tables of
     * virtual functions or ids of binaries. */
    const uint64_t header[] = {
        INSTR_PROF_RAW_MAGIC_32,
        __llvm_profile_raw_version,
        0,
        record_count,
        0,
        counter_count,
        0,
        0,
        0,
        names_size,
        (uintptr_t)counters - (uintptr_t)records,
        0,
        (uintptr_t)names,
        0,
        0,
        IPVK_Last,
    };
    static const char padding[8];
    FILE *file = fopen(path, "wb");

    if (file == NULL) {
        return -1;
    }
    fwrite(header, sizeof header, 1, file);
    fwrite(records, sizeof records[0], record_count, file);
    fwrite(counters, sizeof counters[0], counter_count, file);
    fwrite(names, 1, names_size, file);
    fwrite(padding, 1, -names_size % sizeof padding, file);
    training_write_values(file);
    int failed = ferror(file);
    return fclose(file) != 0 || failed ? -1 : 0;
}
