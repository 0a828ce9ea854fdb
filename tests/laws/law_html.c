// SPDX-License-Identifier: Apache-2.0
//
// inspect --format html: what files say of themselves is text, whatever it is; files stand in one
// page in their order; a page has an end, however much is in a file. (law_images.c holds the page
// of every image there is against its JSON.)
#include "run.h"

#include "image.h"
#include "page.h"

#define APP "fixtures/esp_image/good-app-esp32c6.bin"
#define BAD "fixtures/esp_image/bad-esp-hash.bin"

// The page of these words' files, and of the same in JSON.
static const char *page_of(int status, const char *files)
{
    static char *page;
    free(page);
    const struct run *r = expect(status, "inspect --format html %s", files);
    page = strdup(r->out);
    r = expect(status, "inspect --json %s", files);
    page_holds(files, page, document());
    complaints_end();
    return page;
}

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;
    for (const char *p = text; (p = strstr(p, word)) != NULL; p += strlen(word)) {
        count++;
    }
    return count;
}

// ---- Hostile texts ------------------------------------------------------------------------------

// What a project may be called, and what a person is to see of it, in a page.
static const struct {
    const char *name, *shown;
} names[] = {
    {"</script><img onerror=alert(1)>", "&lt;/script&gt;&lt;img onerror=alert(1)&gt;"},
    {"\" onfocus=\"alert(1)\" autofocus=\"", "&quot; onfocus=&quot;alert(1)&quot;"},
    {"' onload='alert(1)", "&#39; onload=&#39;alert(1)"},
    {"</title></style><!--", "&lt;/title&gt;&lt;/style&gt;&lt;!--"},
    {"&lt;b&gt;&#60;", "&amp;lt;b&amp;gt;&amp;#60;"},
    {"]]><![CDATA[x", "]]&gt;&lt;![CDATA[x"},
    // NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tried
    {"gnp.\342\200\256exe", "gnp.\\xe2\\x80\\xaeexe"},
    {"a\001\033[31mb", "a\\x01\\x1b[31mb"},
    {"\377\376\300\200", "\\xff\\xfe\\xc0\\x80"},
    {"\357\277\277\357\277\276\357\277\275", "\\xef\\xbf\\xbf\\xef\\xbf\\xbe\357\277\275"},
    {"%s%n%1000d", "%s%n%1000d"},
};

TEST(names_are_text)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        struct image app = image_load(APP);
        esp_text(&app, AT_PROJECT, names[i].name, 32);
        image_save(&app, "app.bin");
        image_free(&app);
        (void)expect(0, "inspect --format html app.bin");
        page_holds(names[i].shown, last_run()->out, NULL);
        want(strstr(last_run()->out, names[i].shown) != NULL, "it does not show %s",
             names[i].shown);
    }
    complaints_end();
}

// The name of a file, and what is said of one that is not there.
TEST(file_names_are_text)
{
    // NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tried
    const char *name = "<b onclick=\"x\">&\342\200\256.bin";
    const char *shown = "&lt;b onclick=&quot;x&quot;&gt;&amp;\\xe2\\x80\\xae.bin";
    struct image app = image_load(APP);
    image_save(&app, name);
    image_free(&app);
    for (int missing = 0; missing < 2; missing++) {
        const char *const words[] = {"inspect", "--format=html", name, missing ? "none<i>" : APP,
                                     NULL};
        const struct run *r = run_words(words);
        want(r->status == (missing ? 2 : 0), "status %d", r->status);
        page_holds(shown, r->out, NULL);
        want(strstr(r->out, shown) != NULL, "the name is not shown");
        want(!missing || strstr(r->out, "none&lt;i&gt;: cannot open") != NULL, "nor the other one");
    }
    complaints_end();
}

// Partitions' labels become names of parts, IDs and links.
TEST(labels_are_text)
{
    static const char *const labels[] = {"\"><script>x", "#a b&c", "\377\377", "a[0].b", "unused"};
    for (size_t i = 0; i < COUNT(labels); i++) {
        struct image table;
        pt_begin(&table);
        pt_entry(&table, 1, 2, 0x9000, 0x6000, labels[i]);
        pt_entry(&table, 0, 0, 0x10000, 0x100000, "<app>");
        pt_finish(&table);
        merged_save(&table, "flash.bin");
        image_free(&table);
        (void)run("inspect --format html flash.bin");
        page_holds(labels[i], last_run()->out, NULL);
    }
    complaints_end();
}

// ---- The page -----------------------------------------------------------------------------------

TEST(files_in_their_order)
{
    const char *page = page_of(1, BAD " " APP);
    const char *index = strstr(page, "<nav aria-label=\"Files\">");
    want(index != NULL && strstr(page, "<h1>2 files</h1>") != NULL, "there is no index");
    const char *bad = strstr(index, BAD), *good = strstr(index, APP);
    want(bad != NULL && good != NULL && bad < good && good < strstr(page, "<main>"), "its order");
    want(count_of(page, "<article id=") == 2, "not a part of the page for each");

    page = page_of(2, "none.bin " APP);
    want(strstr(page, "<li><span class=\"badge failed\">") != NULL, "what is not there is good");
    want(strstr(page, "<li><span class=\"badge good\">") != NULL, "what is good is not");

    page = page_of(0, APP);
    want(strstr(page, "<nav") == NULL && strstr(page, "<h1>" APP "</h1>") != NULL,
         "an index of one");
}

TEST(what_to_do)
{
    const char *page = page_of(1, BAD);
    want(strstr(page, "<strong>Not good</strong>") != NULL, "no verdict");
    want(strstr(page, "<dt>What to do</dt><dd>build or download the image again") != NULL ||
             strstr(page, "<dt>What to do</dt>\n<dd>build or download the image again") != NULL,
         "no remedy");
    want(strstr(page, "the bootloader, esp_https_ota and esp_ota_end") != NULL, "nor who looks");
    page = page_of(0, APP);
    want(strstr(page, "<strong>Good</strong>") != NULL, "no verdict");
    want(strstr(page, "What to do") == NULL, "something to do for a good file");
}

// What leads to something wrong is unfolded, and nothing else.
TEST(what_is_open)
{
    struct image im = image_load("fixtures/rcp_image/good-with-host.bin");
    im.p[im.n - 1] ^= 1; // of the hash of the host's app, which comes last
    image_save(&im, "bad.bin");
    image_free(&im);
    const char *page = page_of(1, "bad.bin");
    want(strstr(page, "data-path=\"host\" open=") != NULL, "the host is folded");
    want(strstr(page, "data-path=\"firmware\">") != NULL, "the RCP's firmware is not");
}

TEST(digests_are_those_of_the_bytes)
{
    struct image app = image_load(APP);
    uint8_t digest[32];
    const char *page = page_of(0, APP);
    sha256_of(app.p, app.n, digest);
    want(strstr(page, hex_of(digest, 32)) != NULL, "not the SHA-256 of the file");
    md5_of(app.p, app.n, digest);
    want(strstr(page, hex_of(digest, 16)) != NULL, "not its MD5");
    image_free(&app);
}

// The same bytes again; of a file and of standard input, but for the name.
TEST(same_input_same_page)
{
    char *first = strdup(expect(0, "inspect --format html %s", APP)->out);
    want(strcmp(first, expect(0, "inspect --format html %s", APP)->out) == 0, "another page");
    free(first);
    struct image app = image_load(APP);
    run_pipe(app.p, app.n, 0);
    const struct run *r = expect(0, "inspect --format html -");
    want(strstr(r->out, "<h1>standard input</h1>") != NULL, "standard input has no name");
    image_free(&app);
}

// A flash image of so many apps, of 16 segments each.
static void many_apps(const char *name, unsigned count)
{
    enum { FIRST = 0x10000, EACH = 0x1000, SEGMENTS = 16 };
    struct image table, app = image_load("fixtures/esp_image/good-app-esp32.bin");
    pt_begin(&table);
    for (unsigned i = 0; i < count; i++) {
        char label[16];
        (void)snprintf(label, sizeof(label), "app%u", i);
        pt_entry(&table, 0, 0x10, FIRST + i * EACH, EACH, label);
    }
    pt_finish(&table);
    merged_save(&table, name);
    struct image flash = image_load(name), fill = image_fill(0xFF, EACH);
    poke8(&app, AT_SEGMENT_COUNT, SEGMENTS);
    poke8(&app, AT_HASH_APPENDED, 0);
    for (unsigned i = 0; i < SEGMENTS; i++) {
        poke32(&app, AT_FIRST_SEGMENT + i * 12, 0x3FFB0000 + i * 4);
        poke32(&app, AT_FIRST_SEGMENT + i * 12 + 4, 4);
    }
    flash.n = flash.n < FIRST ? flash.n : FIRST;
    for (unsigned i = 0; i < count; i++) {
        image_append(&flash, fill.p, fill.n);
        image_put(&flash, FIRST + i * EACH, app.p, app.n);
    }
    image_save(&flash, name);
    image_free(&table);
    image_free(&app);
    image_free(&flash);
    image_free(&fill);
}

// Nearly two thousand parts: the page ends, and says what it leaves out; of some hundred it has
// all.
TEST(very_many_parts)
{
    enum { MOST = 3 * 1024 * 1024 };
    many_apps("many.bin", 90);
    const struct run *r = run("inspect --format html many.bin");
    want(r->out_size < MOST, "%zu bytes", r->out_size);
    page_holds("many.bin", r->out, NULL);
    complaints_end();
    want(count_of(r->out, "<details id=") == 1000, "another number of parts");
    want(says(r->out, "And [0-9,]+ more, which otapack inspect --json lists\\."),
         "nothing is said");
    many_apps("many.bin", 20);
    (void)page_of(1, "many.bin");
}

TEST(what_goes_with_a_page)
{
    (void)expect(2, "inspect --format html --get size %s", APP);
    want(strstr(last_run()->err, "--get has no place in --format html; leave one out") != NULL,
         "what is wrong with --get");
    (void)expect(2, "inspect --format html --url https://example.com/ %s", APP);
    (void)expect(2, "inspect --format htm %s", APP);
    want(strstr(last_run()->err, "html") != NULL, "what was meant");
}

UNIT(html)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_text),
        cmocka_unit_test(file_names_are_text),
        cmocka_unit_test(labels_are_text),
        cmocka_unit_test(files_in_their_order),
        cmocka_unit_test(what_to_do),
        cmocka_unit_test(what_is_open),
        cmocka_unit_test(digests_are_those_of_the_bytes),
        cmocka_unit_test(same_input_same_page),
        cmocka_unit_test(very_many_parts),
        cmocka_unit_test(what_goes_with_a_page),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
