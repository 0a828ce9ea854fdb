// SPDX-License-Identifier: Apache-2.0
//
// What an ESP-IDF build says of how it is flashed: flasher_args.json, and the same as text, a line
// of options and then `ADDRESS PATH` lines.
#include "manifest.h"

#include <inttypes.h>
#include <string.h>

#include "chip.h"
#include "text.h"

static struct manifest_file *find(const struct manifest_build *b, const char *path)
{
    struct manifest_file *f = b->files;
    while (f != NULL && strcmp(f->path, path) != 0) {
        f = f->next;
    }
    return f;
}

static void take_address(struct manifest *m, struct manifest_file *f, const char *address)
{
    f->flashed = text_number(address, &f->address);
    if (!f->flashed) {
        manifest_fault(m, "'%s' is no flash address", text_printable(m->arena, address));
    }
}

// "app", "bootloader" and so on say it once more.
static void take_section(struct manifest *m, const struct manifest_build *b, const char *name,
                         const json_t *section)
{
    const char *path = manifest_string(m, section, "file");
    uint64_t address = 0;
    bool said = manifest_number(json_object_get(section, "offset"), &address);
    if (path == NULL || !said) {
        return;
    }
    const struct manifest_file *f = find(b, path);
    if (f != NULL && f->flashed && f->address != address) {
        m->two_places = arena_printf(
            m->arena, "flash_files has %s at 0x%" PRIx64 ", and '%s' has it at 0x%" PRIx64,
            text_printable(m->arena, path), f->address, text_printable(m->arena, name), address);
    }
}

static const char *family_of(struct manifest *m, const json_t *root)
{
    const char *name = manifest_string(m, json_object_get(root, "extra_esptool_args"), "chip");
    const struct chip *chip = name == NULL ? NULL : chip_by_name(name);
    if (name != NULL && chip == NULL && strcmp(name, "esp8266") != 0) {
        manifest_fault(m, "chip '%s' is none that otapack knows", text_printable(m->arena, name));
    }
    return chip != NULL ? chip->title : name == NULL ? NULL : "ESP8266";
}

bool manifest_idf(struct manifest *m, json_t *root)
{
    json_t *files = json_object_get(root, "flash_files"), *value;
    const char *key;
    if (!json_is_object(files)) {
        return false;
    }
    m->kind = MANIFEST_IDF;
    m->title = "flasher_args.json";
    struct manifest_build *b = manifest_add_build(m, family_of(m, root));
    json_object_foreach(files, key, value)
    {
        if (!json_is_string(value)) {
            manifest_fault(m, "what is to be flashed to %s is no name",
                           text_printable(m->arena, key));
        } else if (manifest_has_room(m, BESIDE_FILES_MOST)) {
            const char *path = arena_string(m->arena, json_string_value(value));
            take_address(m, manifest_add(m, b, path), key);
        }
    }
    json_object_foreach(root, key, value)
    {
        take_section(m, b, key, value);
    }
    if (b->count == 0) {
        manifest_fault(m, "flash_files names no file");
    }
    return true;
}

// ---- Text ---------------------------------------------------------------------------------------

// `ADDRESS PATH`. False: it is something else.
static bool take_line(struct manifest *m, struct manifest_build *b, char *line)
{
    uint64_t address;
    char *path = line + strcspn(line, " \t");
    if (*path == '\0') {
        return false;
    }
    *path++ = '\0';
    path += strspn(path, " \t");
    if (strncmp(line, "0x", 2) != 0 || !text_number(line, &address) || *path == '\0') {
        return false;
    }
    if (manifest_has_room(m, BESIDE_FILES_MOST)) {
        struct manifest_file *f = manifest_add(m, b, path);
        f->flashed = true;
        f->address = address;
    }
    return true;
}

bool manifest_idf_text(struct manifest *m, const char *text)
{
    struct manifest_build *b = NULL;
    char *next = arena_string(m->arena, text);
    if (strncmp(next, "--", 2) != 0 && strncmp(next, "0x", 2) != 0) {
        return false;
    }
    m->kind = MANIFEST_IDF_TEXT;
    m->title = "flash_args";
    b = manifest_add_build(m, NULL);
    while (next != NULL && *next != '\0') {
        char *line = next;
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        size_t n = strlen(line);
        while (n > 0 && strchr(" \t\r", line[n - 1]) != NULL) {
            line[--n] = '\0';
        }
        if (n > 0 && strncmp(line, "--", 2) != 0 && !take_line(m, b, line)) {
            return false;
        }
    }
    return b->count > 0;
}
