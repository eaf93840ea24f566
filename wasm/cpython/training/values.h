#ifndef TRAINING_VALUES_H
#define TRAINING_VALUES_H

#include <stdint.h>
#include <stdio.h>

#include <profile/InstrProfData.inc>

enum {
#define VALUE_PROF_KIND(name, value, description) name = value,
#include <profile/InstrProfData.inc>
};

typedef void *IntPtrT;

/* What the compiler leaves for each function that it counts. */
typedef struct {
#define INSTR_PROF_DATA(type, llvm_type, name, initializer) type name;
#include <profile/InstrProfData.inc>
} function_record;

/* The linker's names for the beginning and the end of their section. */
extern const function_record records[] __asm__("__start___llvm_prf_data");
extern const function_record records_end[] __asm__("__stop___llvm_prf_data");

void training_reset_values(void);
void training_write_values(FILE *file);

#endif
