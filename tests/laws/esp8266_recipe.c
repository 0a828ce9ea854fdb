// SPDX-License-Identifier: Apache-2.0
//
// What esp8266_recipe.h declares: the files, and a recipe from a list of lines.
#include "esp8266_recipe.h"

#include "esp8266.h"

int recipe_begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    struct image copy = image_load("fixtures/esp8266/bad-esp8266-copy.bin");
    struct image inside = gz_unpack(&copy);
    image_save(&inside, "copy.bin");
    image_free(&inside);
    image_free(&copy);
    copy_file("fixtures/esp8266/good-arduino.bin", "sketch.bin", 0644);
    copy_range("sketch.bin", 0, 112, "eboot.bin");
    copy_range("sketch.bin", 4096, 0, "app.bin");
    take_key("rsa2048");
    take_key("rsa3072-a");
    take_key("ecdsa-p256-a");
    return 0;
}

void recipe(const char *lines)
{
    char line[ITEM_ROOM];
    FILE *f = fopen("recipe.yaml", "wb");
    assert_non_null(f);
    (void)fputs("otapack: 1\nesp8266:\n", f);
    for (int top = 0; top < 2; top++) {
        EACH_ITEM(line, lines)
        {
            if ((strncmp(line, "top:", 4) == 0) == top) {
                (void)fprintf(f, "%s%s\n", top ? "" : "  ", line + (top ? 4 : 0));
            }
        }
    }
    assert_int_equal(fclose(f), 0);
}

void build(const char *file, const char *lines)
{
    recipe(lines);
    expect(0, "build recipe.yaml -o %s", file);
    want_not_err("warning: ");
    expect(0, "build recipe.yaml -o again.out");
    want_same(file, "again.out");
    expect(0, "verify %s", file);
}
