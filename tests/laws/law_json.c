// SPDX-License-Identifier: Apache-2.0
//
// What inspect --json prints, and its schema: all files in one document,
// with options, damaged copies and a file that is not there, are valid by it; what is altered is
// not; and it has no field that no fixture shows. (law_images.c asks for each file by itself.)
#include "run.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image.h"
#include "schema.h"

enum { WORDS_MOST = 2000, LARGE = 32 * 1024 * 1024, FIELDS_MOST = 2000, FIELDS_LEAST = 1000 };

static struct schema *schema;
static json_t *schema_text;
static const char *words[WORDS_MOST];
static size_t word_count;

static int begin(void **group)
{
    schema = schema_load(SCHEMA);
    schema_text = json_load_file(SCHEMA, 0, NULL);
    return schema_text == NULL || run_begin(group) != 0;
}

static int end(void **group)
{
    schema_free(schema);
    json_decref(schema_text);
    return run_end(group);
}

// ---- All files in one document ------------------------------------------------------------------

static void add_word(const char *word)
{
    assert_true(word_count < WORDS_MOST - 1);
    words[word_count++] = strdup(word);
}

static int add_file(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    const char *dot = strrchr(name, '.');
    bool text = dot != NULL &&
                (strcmp(dot, ".c") == 0 || strcmp(dot, ".h") == 0 || strcmp(dot, ".md") == 0);
    if (type == FTW_F && !text && ftw->level > 1 && st->st_size < LARGE && !run_lacks(name)) {
        add_word(name);
    }
    return 0;
}

static void add_files(const char *folder)
{
    assert_int_equal(nftw(folder, add_file, 16, 0), 0);
}

static void add_damaged(void)
{
    static const char *const names[] = {"br/demo_br.bin", "rcp_image/good-with-host.bin",
                                        "ota_data/good-slot-1.bin", "br/partition-table.bin"};
    static const size_t sizes[] = {0, 1, 10, 24, 40, 200, 4000};
    for (size_t i = 0; i < COUNT(names) * COUNT(sizes); i++) {
        char name[100];
        (void)snprintf(name, sizeof(name), "fixtures/%s", names[i % COUNT(names)]);
        struct image im = image_load(name);
        size_t size = sizes[i / COUNT(names)];
        im.n = im.n < size ? im.n : size;
        (void)snprintf(name, sizeof(name), "damaged-%zu", i);
        image_save(&im, name);
        image_free(&im);
        add_word(name);
    }
}

// The document of all words so far and these files; its status is 2, for one is not there.
static const json_t *document_of_all(size_t at_least)
{
    add_word("nothing");
    words[word_count] = NULL;
    const struct run *r = run_words(words);
    want(r->status == 2, "exit status %d, and a file is not there", r->status);
    const json_t *doc = document();
    want(json_array_size(at(doc, "files")) > at_least, "there should be more files");
    want(strcmp(text_at(json_array_get(at(doc, "files"), json_array_size(at(doc, "files")) - 1),
                        "verdict"),
                "unread") == 0,
         "the last file is not there, and its verdict is something else");
    while (word_count > 0) {
        free((void *)(uintptr_t)words[--word_count]);
    }
    return doc;
}

static void add_words(const char *const *these)
{
    for (; *these != NULL; these++) {
        add_word(*these);
    }
}

TEST(all_options_and_damage_are_valid)
{
    static const char *const options[] = {"inspect",
                                          "--json",
                                          "--partition-table",
                                          "fixtures/br/partition-table.bin",
                                          "--key",
                                          "fixtures/keys/rsa2048.pub.pem",
                                          "--layout",
                                          "4m2m",
                                          "--sketch-size",
                                          "400000",
                                          NULL};
    add_words(options);
    add_files("fixtures/");
    add_damaged();
    if (run_has_vectors()) {
        add_files("vectors/");
    }
    const char *fault = schema_fault(schema, document_of_all(400));
    want(fault == NULL, "by the schema: %s", fault);
}

// ---- The same in verify's document --------------------------------------------------------------

static void want_same_tree(const json_t *inspected, const json_t *verified)
{
    const char *file = text_at(inspected, "file");
    want(strcmp(file, text_at(verified, "file")) == 0, "%s: verify has another file there", file);
    want(json_equal(at(inspected, "root"), at(verified, "root")),
         "%s: inspect and verify print two different trees", file);
}

// `key` NULL: without one.
static void same_trees(const char *key)
{
    size_t i;
    const json_t *file;
    struct schema *of_verify = schema_load(VERIFY_SCHEMA);
    add_word("inspect");
    add_word("--json");
    if (key != NULL) {
        add_word("--key");
        add_word(key);
    }
    add_files("fixtures/");
    words[word_count] = NULL;
    (void)run_words(words);
    json_t *trees = json_deep_copy(document());
    free((void *)(uintptr_t)words[0]);
    words[0] = strdup("verify");
    (void)run_words(words);
    const json_t *verified = document();
    const char *fault = schema_fault(of_verify, verified);
    want(fault == NULL, "by the schema of verify: %s", fault);
    want(json_array_size(at(trees, "files")) > 400, "there should be more files");
    json_array_foreach(at(trees, "files"), i, file)
    {
        want_same_tree(file, json_array_get(at(verified, "files"), i));
    }
    while (word_count > 0) {
        free((void *)(uintptr_t)words[--word_count]);
    }
    json_decref(trees);
    schema_free(of_verify);
}

TEST(verify_prints_the_tree_of_inspect)
{
    same_trees(NULL);
    same_trees("fixtures/keys/rsa3072-a.pub.pem");
    same_trees("fixtures/keys/rsa2048.pub.pem");
}

// ---- What is altered ----------------------------------------------------------------------------

// In the document of one app: the member `name` of what `path` leads to becomes this (JSON), or
// goes away.
static const struct change {
    const char *path, *name, *value;
} changes[] = {
    {"", "otapack", "2"},
    {"", "more", "1"},
    {"files[0]", "verdict", "\"good\""},
    {"files[0]", "size", NULL},
    {"files[0].root", "format", "\"elf\""},
    {"files[0].root", "offset", "-1"},
    {"files[0].root", "checks", NULL},
    {"files[0].root.fields", "colour", "{\"value\": 1}"},
    {"files[0].root.fields", "chip", NULL},
    {"files[0].root.fields.entry_addr", "value", "\"0x40374010\""},
    {"files[0].root.fields.entry_addr", "text", NULL},
    {"files[0].root.fields.hash", "value", "\"no digits\""},
    {"files[0].root.fields.type", "value", "\"script\""},
    {"files[0].root.checks[0]", "id", "\"esp_nothing\""},
    {"files[0].root.checks[0]", "verdict", "\"fail\""},
    {"files[0].root.checks[0]", "severity", "\"fatal\""},
    {"files[0].root.parts", "segments", "files[0].root.parts.desc"},
    {"files[0].root.parts", "elsewhere", "files[0].root.parts.desc"},
    {"files[0].root.parts.desc.fields", "version", NULL},
    {"files[0].root", "unpacked", "true"},
};

static json_t *value_of(const json_t *doc, const char *value)
{
    if (strncmp(value, "files[", 6) == 0) {
        return json_deep_copy(at(doc, "%s", value));
    }
    return json_loads(value, JSON_DECODE_ANY, NULL);
}

static void is_refused(const json_t *doc, const struct change *c)
{
    json_t *other = json_deep_copy(doc);
    json_t *place = (json_t *)(uintptr_t)(*c->path == '\0' ? other : at(other, "%s", c->path));
    want(json_is_object(place), "there is no %s", c->path);
    if (c->value == NULL) {
        assert_int_equal(json_object_del(place, c->name), 0);
    } else {
        assert_int_equal(json_object_set_new(place, c->name, value_of(doc, c->value)), 0);
    }
    want(schema_fault(schema, other) != NULL, "%s: %s is %s, and the document valid", c->path,
         c->name, c->value == NULL ? "gone" : c->value);
    json_decref(other);
}

TEST(what_is_altered_is_refused)
{
    (void)expect(0, "inspect --json fixtures/br/demo_br.bin");
    const json_t *doc = document();
    want(schema_fault(schema, doc) == NULL, "it is not valid as it is");
    for (size_t i = 0; i < COUNT(changes); i++) {
        is_refused(doc, &changes[i]);
    }
}

// ---- Fields -------------------------------------------------------------------------------------

// "FORMAT FIELD" of what was printed.
static struct {
    char *of[FIELDS_MOST];
    size_t n, values; // different ones, all
} printed;

static bool is_printed(const char *line)
{
    for (size_t i = 0; i < printed.n; i++) {
        if (strcmp(printed.of[i], line) == 0) {
            return true;
        }
    }
    return false;
}

static void note_field(const json_t *node, const char *name, const json_t *field)
{
    const json_t *value = json_object_get(field, "value");
    bool number = json_is_number(value), placed = json_object_get(field, "offset") != NULL;
    char line[200];
    (void)snprintf(line, sizeof(line), "%s %s", text_at(node, "format"), name);
    if ((!number && !json_is_string(value)) || placed != (json_object_get(field, "size") != NULL) ||
        (!number && json_object_get(field, "text") != NULL)) {
        complain("%s is not as otapack-json(5) says", line);
    }
    printed.values++;
    if (!is_printed(line)) {
        assert_true(printed.n < FIELDS_MOST);
        printed.of[printed.n++] = strdup(line);
    }
}

static void note_fields(void *ctx, const char *path, const json_t *node)
{
    const char *name;
    json_t *field;
    (void)ctx;
    const char *summary = json_string_value(json_object_get(node, "summary"));
    if (summary != NULL && *summary == '\0') {
        complain("%s: a summary is empty", path);
    }
    json_object_foreach(json_object_get(node, "fields"), name, field)
    {
        note_field(node, name, field);
    }
}

// No other fields and parts than those that the schema lists, so that law_images.c sees what is
// printed and not there. Parts of a flash image have the names of its partitions.
static bool is_closed(const json_t *rule, const char *format)
{
    const json_t *parts = at(rule, "then.properties.parts");
    return json_is_false(at(rule, "then.properties.fields.additionalProperties")) &&
           (json_is_false(json_object_get(parts, "additionalProperties")) ||
            number_at(parts, "maxProperties") == 0 || strcmp(format, "flash") == 0);
}

// The schema's fields of one format: each was printed, and nothing else may be.
static size_t compare_fields(const json_t *rule)
{
    const char *format = text_at(rule, "if.properties.format.const"), *name;
    json_t *field;
    char line[200];
    size_t count = 0;
    want(is_closed(rule, format), "the schema lets %s have any field or part", format);
    json_object_foreach((json_t *)(uintptr_t)at(rule, "then.properties.fields.properties"), name,
                        field)
    {
        (void)snprintf(line, sizeof(line), "%s %s", format, name);
        if (!is_printed(line)) {
            complain("in the schema, but in no fixture: %s", line);
        }
        count++;
    }
    return count;
}

TEST(the_fields_are_those_of_the_schema)
{
    static const char *const options[] = {"inspect", "--json",
                                          "--key",   "fixtures/keys/rsa2048.pub.pem",
                                          "--key",   "fixtures/keys/rsa3072-a.pub.pem",
                                          NULL};
    size_t i, known = 0;
    const json_t *file, *rule;
    run_needs("compressed");
    add_words(options);
    add_files("fixtures/");
    const json_t *doc = document_of_all(400);
    json_array_foreach(at(doc, "files"), i, file)
    {
        each_node(at(file, "root"), note_fields, NULL);
    }
    json_array_foreach(at(schema_text, "$defs.node.allOf"), i, rule)
    {
        known += at(rule, "then.properties.parts") != NULL &&
                         at(rule, "then.properties.fields.type") != NULL
                     ? compare_fields(rule)
                     : 0;
    }
    want(printed.values > FIELDS_LEAST, "only %zu fields", printed.values);
    if (known != printed.n) {
        complain("%zu fields are in the schema, and %zu were printed", known, printed.n);
    }
    while (printed.n > 0) {
        free(printed.of[--printed.n]);
    }
    complaints_end();
}

UNIT(json)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_options_and_damage_are_valid),
        cmocka_unit_test(verify_prints_the_tree_of_inspect),
        cmocka_unit_test(what_is_altered_is_refused),
        cmocka_unit_test(the_fields_are_those_of_the_schema),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
