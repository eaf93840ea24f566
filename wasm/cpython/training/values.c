/* Which functions each indirect call reaches, and how many bytes each memcpy moves: what the compiler makes a
 * direct call, or a copy of a known size, where it is nearly always the same. It calls in here at each. */
#include "values.h"

#include <stdlib.h>
#include <string.h>

#define INSTR_PROF_VALUE_PROF_MEMOP_API
#include <profile/InstrProfData.inc>

enum {
    /* The compiler looks at the most frequent three or so; with room for some more, few of those come too late. */
    VALUES_PER_SITE = 16,
    MOST_SITES = 1 << 15,
};

typedef struct {
    uint64_t value;
    uint64_t count;
} counted_value;

/* In a memory of its own: the program that is observed gets the addresses that it would have had without. */
static counted_value sites[MOST_SITES][VALUES_PER_SITE];
static uint32_t site_count;

/* `Values` of a record is room for one number for each of its sites; they are in a row, so the first one's does. */
static uint32_t *
first_site(const function_record *record)
{
    return record->Values;
}

static uint32_t
sites_of(const function_record *record)
{
    uint32_t count = 0;
    for (int kind = IPVK_First; kind <= IPVK_Last; kind++) {
        count += record->NumValueSites[kind];
    }
    return count;
}

void
__llvm_profile_instrument_target(uint64_t value, void *data, uint32_t index)
{
    const function_record *record = data;
    uint32_t *first = first_site(record);
    if (first == NULL) {
        return;
    }
    if (*first == 0) {
        uint32_t wanted = sites_of(record);
        if (wanted > MOST_SITES - site_count) {
            abort();
        }
        *first = 1 + site_count;
        site_count += wanted;
    }
    counted_value *values = sites[*first - 1 + index];
    for (int place = 0; place < VALUES_PER_SITE; place++) {
        if (values[place].count == 0 || values[place].value == value) {
            values[place].value = value;
            values[place].count++;
            return;
        }
    }
    /* As the compiler's own library does: what comes seldom makes room in the end. */
    counted_value *rarest = values;
    for (int place = 1; place < VALUES_PER_SITE; place++) {
        if (values[place].count < rarest->count) {
            rarest = &values[place];
        }
    }
    if (--rarest->count == 0) {
        *rarest = (counted_value){value, 1};
    }
}

void
__llvm_profile_instrument_memop(uint64_t value, void *data, uint32_t index)
{
    __llvm_profile_instrument_target(InstrProfGetRangeRepValue(value), data, index);
}

void
training_reset_values(void)
{
    memset(sites, 0, sizeof sites);
}

static uint32_t
padded(uint32_t size)
{
    return (size + 7) & ~7u;
}

static uint8_t
value_count(const counted_value *values)
{
    uint8_t count = 0;
    while (count < VALUES_PER_SITE && values[count].count != 0) {
        count++;
    }
    return count;
}

/* The sites of one kind, as ValueProfRecord has them; gives its bytes. To no file: only that. */
static uint32_t
write_kind(FILE *file, uint32_t kind, uint32_t count, const counted_value (*values)[VALUES_PER_SITE])
{
    static const counted_value none[VALUES_PER_SITE];
    static const char padding[8];
    uint32_t head[] = {kind, count};
    uint32_t size = padded(sizeof head + count);
    if (file != NULL) {
        fwrite(head, sizeof head, 1, file);
    }
    for (uint32_t site = 0; site < count; site++) {
        uint8_t found = value_count(values == NULL ? none : values[site]);
        size += found * sizeof(counted_value);
        if (file != NULL) {
            fwrite(&found, 1, 1, file);
        }
    }
    if (file != NULL) {
        fwrite(padding, 1, padded(sizeof head + count) - (sizeof head + count), file);
        for (uint32_t site = 0; values != NULL && site < count; site++) {
            fwrite(values[site], sizeof(counted_value), value_count(values[site]), file);
        }
    }
    return size;
}

static uint32_t
write_kinds(FILE *file, const function_record *record, uint32_t *kinds)
{
    const uint32_t *first = first_site(record);
    const counted_value(*values)[VALUES_PER_SITE] = first == NULL || *first == 0 ? NULL : &sites[*first - 1];
    uint32_t size = 0;
    *kinds = 0;
    for (int kind = IPVK_First; kind <= IPVK_Last; kind++) {
        uint32_t count = record->NumValueSites[kind];
        if (count == 0) {
            continue;
        }
        size += write_kind(file, (uint32_t)kind, count, values);
        *kinds += 1;
        values = values == NULL ? NULL : values + count;
    }
    return size;
}

/* For each function that has sites, in the records' order: ValueProfData. */
void
training_write_values(FILE *file)
{
    for (const function_record *record = records; record < records_end; record++) {
        uint32_t kinds;
        uint32_t size = write_kinds(NULL, record, &kinds);
        if (kinds == 0) {
            continue;
        }
        const uint32_t head[2] = {sizeof head + size, kinds};
        fwrite(head, sizeof head, 1, file);
        write_kinds(file, record, &kinds);
    }
}
