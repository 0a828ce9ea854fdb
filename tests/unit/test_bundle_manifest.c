// SPDX-License-Identifier: Apache-2.0
//
// The CSV files of compat esp32_multi_ota_tool, in each form that Python's csv module takes.
#include "bundle_manifest.h"
#include "scratch.h"
#include "unit.h"

static struct arena a;

// What a file with this text says, as "ID VERSION PATH;" of each image; or the error.
static const char *said(const char *text)
{
    struct recipe_bundle bundle = {0};
    struct err e = ERR_NONE;
    const char *out = "";
    file_write("images.csv", text, strlen(text));
    if (!bundle_manifest_read("images.csv", &a, &bundle, &e)) {
        return arena_string(&a, e.text);
    }
    for (const struct bundle_image *i = bundle.images; i != NULL; i = i->next) {
        out = arena_printf(&a, "%s%x %u %s;", out, i->id, i->version, i->part.file);
    }
    return out;
}

#define HEAD "id,version,path\n"
#define LAST "1,2,app\n"

TEST(forms)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {HEAD LAST, "1 2 app;"},
        {HEAD "1,2,app", "1 2 app;"},
        {HEAD " 0x1 , 0b11 ,\tapp \n", "1 3 app;"},
        {HEAD "0o1,1_0,app\n", "1 10 app;"},
        {HEAD "1,-0,app\n", "1 0 app;"},
        {HEAD "+1,2,app\n", "1 2 app;"},
        {HEAD "\n\n" LAST "\n", "1 2 app;"},
        {"id,version,path\r\n1,2,app\r\n", "1 2 app;"},
        {"id,version,path\r1,2,app\r", "1 2 app;"},
        {"path,other,id,version\napp,x,1,2\n", "1 2 app;"},
        {"id,id,version,path\n9,1,2,app\n", "1 2 app;"},
        {HEAD "1,2,app,more,\"and, more\"\n", "1 2 app;"},
        {HEAD "1,2,\"app\"\n", "1 2 app;"},
        {HEAD "\"1\",2,\"a,b\"\n", "1 2 a,b;"},
        {HEAD "1,2,\"a\"\"b\"\n", "1 2 a\"b;"},
        {HEAD "1,2,\"a\"b\"\n", "1 2 ab\";"},
        {HEAD "1,2,a\"b\n", "1 2 a\"b;"},
        {HEAD "1,2,\"a\nb\"\n", "1 2 a\nb;"},
        {HEAD "1,2,app\n0x100,4294967295,one\n", "1 2 app;100 4294967295 one;"},
    };
    const char *const files[] = {"app", "one", "a,b", "a\"b", "ab\"", "a\nb"};
    for (size_t i = 0; i < COUNT(files); i++) {
        file_write(files[i], "x", 1);
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(said(rows[i].text), rows[i].says);
    }
}

TEST(refusals)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"", "Manifest must have a header row"},
        {"\n" HEAD LAST, "Manifest must have a header row"},
        {"1,2,app\n", "Manifest must have a header row"},
        {"\xEF\xBB\xBF" HEAD LAST, "Manifest must have a header row"},
        {"id;version;path\n1;2;app\n", "Manifest must have a header row"},
        {"ID,Version,Path\n" LAST, "Manifest must have a header row"},
        {"id, version, path\n" LAST, "blanks stand beside 'version'"},
        {HEAD, "Manifest is empty"},
        {HEAD "x,2,app\n", "Manifest line 2: 'id' and 'version' must be integers"},
        {HEAD LAST "\n,2,app\n", "Manifest line 3: 'id' and 'version' must be integers"},
        {HEAD "1\n", "Manifest line 2: 'id' and 'version' must be integers"},
        {HEAD "- 1,2,app\n", "Manifest line 2: 'id' and 'version' must be integers"},
        {HEAD "1,2\n", "Manifest line 2: empty path"},
        {HEAD "1,2, \n", "Manifest line 2: empty path"},
        {HEAD "0x100000000,2,app\n", "Image ID 4294967296 is out of range for a uint32"},
        {HEAD "-1,2,app\n", "Image ID -1 is out of range for a uint32"},
        {HEAD "1,-2,app\n", "Version -2 is out of range for a uint32"},
        {HEAD "1,4294967296,app\n", "Version 4294967296 is out of range for a uint32"},
        {HEAD "0,2,app\n", "Image ID 0x00000000 is invalid"},
        {HEAD LAST LAST, "Duplicate image ID 0x00000001 in manifest"},
        {HEAD "1,2,none\n", "Image file not found: none"},
        {HEAD "1,2,empty\n", "Image file is empty: empty"},
        {HEAD "2,2,app\n", "exactly one application image (id 0x00000001); found 0"},
    };
    file_write("app", "x", 1);
    file_write("empty", "", 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *text = said(rows[i].text);
        if (strstr(text, rows[i].says) == NULL) {
            fail_msg("row %zu says: %s", i, text);
        }
    }
}

TEST(too_many)
{
    const char *text = HEAD;
    for (int i = 0; i < 256; i++) {
        text = arena_printf(&a, "%s%d,1,app\n", text, 256 + i);
    }
    assert_non_null(strstr(said(text), "Too many images (256)"));
}

static int end(void **state)
{
    (void)state;
    arena_free(&a);
    return 0;
}

UNIT(bundle_manifest)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms),
        cmocka_unit_test(refusals),
        cmocka_unit_test(too_many),
    };
    return cmocka_run_group_tests(tests, scratch_make, end);
}
