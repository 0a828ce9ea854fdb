// SPDX-License-Identifier: Apache-2.0
//
// What simulate.h declares: the devices, and the reader of simulate.txt.
#include "simulate.h"

#include "product.h"

enum { SECTOR = 4096, DUMP_MOST = 64 * 1024, LINE_MOST = 4096 };

int simulate_begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    struct image combined = image_load(COMBINED), app = rcp_part(&combined, 5);
    image_save(&app, "app.bin");
    image_free(&app);
    image_free(&combined);
    copy_file(COMBINED, "br.bin", 0644);
    copy_file("fixtures/rcp_image/good-rcp-only.bin", "rcp.bin", 0644);
    copy_file(TABLE, "table.bin", 0644);
    return 0;
}

void simulate_table(const char *to, const char *entries)
{
    struct image table;
    pt_begin(&table);
    for (; *entries != '\0'; entries++) {
        unsigned slot = (unsigned)*entries - '0';
        const char label[] = {'o', 't', 'a', '_', *entries, '\0'};
        switch (*entries) {
        case 'o':
            pt_entry(&table, 1, 0, 0xF000, 0x2000, "otadata");
            break;
        case 'O':
            pt_entry(&table, 1, 0, 0xF000, 0x1000, "otadata");
            break;
        case 'f':
            pt_entry(&table, 0, 0, 0x20000, 0x100000, "factory");
            break;
        case 's':
            pt_entry(&table, 1, 0x82, 0xC00000, 0x80000, "rcp_fw");
            break;
        default:
            assert_true(slot <= 2);
            pt_entry(&table, 0, 0x10 + slot, 0x200000 + 0x100000 * slot, 0x100000, label);
        }
    }
    pt_finish(&table);
    image_save(&table, to);
    image_free(&table);
}

void simulate_slots(const char *to, uint32_t size)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 0, 0xF000, 0x2000, "otadata");
    pt_entry(&table, 0, 0x10, 0x20000, 0x200000, "ota_0");
    pt_entry(&table, 0, 0x11, 0x220000, size, "ota_1");
    pt_finish(&table);
    image_save(&table, to);
    image_free(&table);
}

void simulate_ota_data(const char *to, struct ota_entry first, struct ota_entry second)
{
    struct image im = image_fill(0xFF, (size_t)2 * SECTOR);
    const struct ota_entry *entries[] = {&first, &second};
    for (size_t i = 0; i < COUNT(entries); i++) {
        poke32(&im, i * SECTOR, entries[i]->seq);
        poke32(&im, i * SECTOR + 24, entries[i]->state);
        poke32(&im, i * SECTOR + 28, entries[i]->crc);
    }
    image_save(&im, to);
    image_free(&im);
}

// ---- What is printed ----------------------------------------------------------------------------

static FILE *open_section(const char *section)
{
    char line[LINE_MOST], wanted[100];
    FILE *f = fopen(FIXTURES "/../tests/laws/simulate.txt", "rb");
    assert_non_null(f);
    (void)snprintf(wanted, sizeof(wanted), "==== %s\n", section);
    while (fgets(line, sizeof(line), f) != NULL) {
        if (strcmp(line, wanted) == 0) {
            return f;
        }
    }
    (void)fclose(f);
    wrong("no section %s", section);
}

static void want_printed(const char *line, const char *expected)
{
    char words[LINE_MOST];
    (void)snprintf(words, sizeof(words), "%.*s", (int)strcspn(line + 4, "\n"), line + 4);
    expect(line[1] - '0', "simulate %s", words);
    want_no_err();
    want(strcmp(last_run()->out, expected) == 0, "stdout should be:\n%s", expected);
}

void simulate_prints(const char *section)
{
    static char line[LINE_MOST], command[LINE_MOST], expected[DUMP_MOST];
    FILE *f = open_section(section);
    size_t n = 0, count = 0;
    bool more = true;
    command[0] = '\0';
    while (more) {
        more = fgets(line, sizeof(line), f) != NULL && strncmp(line, "==== ", 5) != 0;
        if ((!more || line[0] == '[') && command[0] != '\0') {
            want_printed(command, expected);
            count++;
        }
        if (more && line[0] == '[') {
            memcpy(command, line, sizeof(command));
            n = 0;
        } else if (more) {
            n += (size_t)snprintf(expected + n, sizeof(expected) - n, "%s", line);
            assert_true(n < sizeof(expected));
        }
    }
    (void)fclose(f);
    want(count > 0, "nothing in section %s", section);
}

const json_t *simulate_json(int status, const char *format, ...)
{
    char words[LINE_MOST];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    expect(status, "simulate %s --json", words);
    return document();
}

const json_t *last_step(const json_t *simulation)
{
    const json_t *steps = at(simulation, "steps");
    size_t count = json_array_size(steps);
    want(count > 0, "there are no steps");
    return json_array_get(steps, count - 1);
}
