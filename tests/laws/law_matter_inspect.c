// SPDX-License-Identifier: Apache-2.0
//
// inspect of a Matter image: the header's fields with their places, the payload as what it is, and
// paths through to its innermost parts.
#include "combined.h"
#include "matter_image.h"
#include "product.h"

#include <fcntl.h>
#include <unistd.h>

#define SETTINGS                                                                                   \
    "vendor_id=0xFFF1|product_id=0x8005|software_version=70000|min=3|max=69999|"                   \
    "url=https://example.com/notes|type=sha512"

static size_t size_of(const char *name)
{
    struct image im = image_load(name);
    size_t n = im.n;
    image_free(&im);
    return n;
}

static void want_number(const char *path, size_t number)
{
    char text[32];
    (void)snprintf(text, sizeof(text), "%zu", number);
    want_get("ota.bin", path, text);
}

TEST(values)
{
    static const struct {
        const char *path, *text;
    } values[] = {
        {"vendor_id", "0xfff1"},
        {"product_id", "0x8005"},
        {"software_version", "70000"},
        {"software_version_string", "2.0"},
        {"min_applicable_software_version", "3"},
        {"max_applicable_software_version", "69999"},
        {"release_notes_url", "https://example.com/notes"},
        {"image_digest_type", "sha512"},
        {"payload.desc.version", "2.0"},
        {"payload.chip", "esp32s3"},
        {"payload.type", "app"},
    };
    for (size_t i = 0; i < COUNT(values); i++) {
        want_get("ota.bin", values[i].path, values[i].text);
    }
    uint8_t digest[DIGEST_MOST];
    struct image app = image_load("app.bin");
    size_t n = digest_by_type(8, app.p, app.n, digest);
    image_free(&app);
    want_get("ota.bin", "image_digest", hex_of(digest, n));
    want_number("payload_size", size_of("app.bin"));
    want_number("total_size", size_of("ota.bin"));
    want_number("header_size", size_of("ota.bin") - size_of("app.bin") - MATTER_FIXED);
    expect(2, "inspect ota.bin --get vendorid");
    want_err("vendor_id");
    expect(2, "inspect ota.bin --get payload.desc.versoin");
    want_err("payload\\.desc.*version");
    int fd = open("ota.bin", O_RDONLY | O_CLOEXEC);
    run_stdin(fd);
    expect(0, "inspect - --get vendor_id");
    want_out_is("0xfff1");
    (void)close(fd);
}

// JSON: types; every field's place; one behind the other without a gap up to the payload.
TEST(fields)
{
    const json_t *root = tree("ota.bin"), *fields = at(root, "fields");
    const char *name;
    json_t *one;
    json_int_t end = 0;
    want(last_run()->status == 0, "exit status %d", last_run()->status);
    want(strcmp(text_at(root, "format"), "matter") == 0 && number_at(root, "offset") == 0, "root");
    want(strcmp(text_at(root, "fields.vendor_id.text"), "0xfff1") == 0 &&
             field(root, "vendor_id") == 65521 && field(root, "product_id") == 32773 &&
             field(root, "software_version") == 70000 &&
             strcmp(field_text(root, "software_version_string"), "2.0") == 0 &&
             strcmp(text_at(root, "fields.image_digest_type.text"), "sha512") == 0 &&
             strcmp(field_text(root, "release_notes_url"), "https://example.com/notes") == 0,
         "the fields of the header");
    want(strcmp(keys_of(fields),
                "magic total_size header_size structure vendor_id product_id software_version "
                "software_version_string payload_size min_applicable_software_version "
                "max_applicable_software_version release_notes_url image_digest_type image_digest "
                "end") == 0,
         "the fields are %s", keys_of(fields));
    json_object_foreach(json_object_get(root, "fields"), name, one)
    {
        want(number_at(one, "offset") == end, "a gap before %s", name);
        end += number_at(one, "size");
    }
    want(end == number_at(root, "parts.payload.offset"), "a gap before the payload");
    want(number_at(root, "parts.payload.size") == (json_int_t)size_of("app.bin"), "the payload");
    want(strcmp(keys_of(at(root, "parts")), "payload") == 0, "other parts");
}

TEST(text)
{
    char line[ITEM_ROOM];
    expect(0, "inspect ota.bin");
    EACH_ITEM(line, "vendor_id.*0xfff1|software_version_string.*2\\.0|"
                    "release_notes_url.*https://example|image_digest_type.*sha512|payload")
    {
        want_out(line);
    }
}

// Without what is optional; with what is unknown, and something behind.
TEST(more_or_less)
{
    char name[ITEM_ROOM];
    demo_matter("plain.bin", "");
    const json_t *root = tree("plain.bin");
    EACH_ITEM(name, "min_applicable_software_version|max_applicable_software_version|"
                    "release_notes_url|unknown|rest")
    {
        want(at(root, "fields.%s", name) == NULL, "%s is not there", name);
    }
    demo_matter("more.bin", "extra=240a07|behind=00112233|trailing=aabb");
    root = tree("more.bin");
    want(last_run()->status == 1 && strcmp(failing(root), "matter-elements matter-trailing") == 0,
         "%s", failing(root));
    want(strcmp(field_text(root, "unknown"), "240a07") == 0, "unknown");
    want(strcmp(field_text(root, "rest"), "00112233") == 0, "rest");
    want(number_at(root, "parts.trailing.offset") == (json_int_t)size_of("more.bin") - 2 &&
             number_at(root, "parts.trailing.size") == 2,
         "trailing");
}

// Devices cut a text at its first 0x1f; control characters do not reach the terminal.
TEST(control_characters)
{
    demo_matter("separated.bin", "text=322e301f4142|url_text=68747470733a2f2f611f6263");
    expect(0, "inspect separated.bin --get software_version_string -a matter-version-string");
    want_out_is("2.0");
    expect(0, "inspect separated.bin --get release_notes_url -a matter-release-notes");
    want_out_is("https://a");
    demo_matter("control.bin", "text=1b5b33316d|url_text=68747470733a2f2f1b5b33316d0d0a");
    const struct run *r = expect(1, "inspect control.bin");
    want(memchr(r->out, '\033', r->out_size) == NULL && memchr(r->err, '\033', r->err_size) == NULL,
         "an escape character came through");
    (void)expect(1, "inspect --json control.bin");
    (void)document();
}

// A border router's image, and one of an RCP alone, with which esp_ota_end fails; a payload of
// another kind, and none.
TEST(other_payloads)
{
    struct image version = image_load("fixtures/rcp_build/rcp_version");
    image_append(&version, "", 1);
    char *text = (char *)version.p;
    text[strcspn(text, "\n")] = '\0';
    combined_make("br.bin", "app.bin");
    matter_make("br.ota", "br.bin", "");
    expect(0, "inspect br.ota");
    want_get("br.ota", "payload.host.desc.version", "2.0");
    want_get("br.ota", "payload.firmware.chip", "esp32h2");
    want_get("br.ota", "payload.version.text", text);
    image_free(&version);
    combined_make("rcp.bin", NULL);
    matter_make("rcp.ota", "rcp.bin", "");
    (void)expect(1, "verify rcp.ota");
    want_err("^otapack: rcp.ota: payload: it has no host: .*; .* \\[matter-host\\]$");
    (void)expect(0, "verify rcp.ota --allow matter-host");
    (void)expect(1, "inspect rcp.ota --get payload.firmware.chip");
    want(strcmp(last_run()->out, "esp32h2\n") == 0, "%s", last_run()->out);
    text_file("text.bin", "text\n");
    matter_make("text.ota", "text.bin", "");
    const json_t *root = tree("text.ota");
    want(last_run()->status == 0 && strcmp(failing(root), "matter-payload") == 0, "%s",
         failing(root));
    want(strcmp(text_at(root, "parts.payload.format"), "raw") == 0, "a text is not raw");
    text_file("empty.bin", "%s", "");
    matter_make("empty.ota", "empty.bin", "");
    root = tree("empty.ota");
    want(*failing(root) != '\0', "no payload, and good");
}

// A Matter image in a Matter image, sixty times over, is named and left closed: no device looks
// into it, and each level would cost what the whole file does.
TEST(nested)
{
    struct image im = image_load("text.bin");
    for (int level = 0; level <= 60; level++) {
        struct image outer = matter_image(&im, "");
        image_free(&im);
        im = outer;
    }
    image_save(&im, "nested.ota");
    image_free(&im);
    const json_t *root = tree("nested.ota");
    want(last_run()->status == 1 && strcmp(failing(root), "slot-content") == 0, "%d %s",
         last_run()->status, failing(root));
    want(strcmp(field_text(at(root, "parts.payload"), "kind"), "Matter OTA image") == 0,
         "it is not named");
    want(at(root, "parts.payload.parts.payload") == NULL, "it is opened");
}

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    demo_matter("ota.bin", SETTINGS);
    return 0;
}

UNIT(matter_inspect)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),         cmocka_unit_test(fields),
        cmocka_unit_test(text),           cmocka_unit_test(more_or_less),
        cmocka_unit_test(other_payloads), cmocka_unit_test(control_characters),
        cmocka_unit_test(nested),
    };
    return cmocka_run_group_tests(tests, begin, run_end);
}
