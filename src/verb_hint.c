// SPDX-License-Identifier: Apache-2.0
#include "verb_hint.h"

#include <string.h>

static const struct {
    const char *word, *hint;
} hints[] = {
    {"info", "otapack inspect FILE shows what is in a file"},
    {"show", "otapack inspect FILE shows what is in a file"},
    {"view", "otapack inspect FILE shows what is in a file"},
    {"read", "otapack inspect FILE shows what is in a file"},
    {"dump", "otapack inspect FILE shows what is in a file; otapack extract FILE cuts it apart"},
    {"list", "otapack inspect FILE shows what is in a file"},
    {"image_info", "otapack inspect FILE shows what is in a file"},
    {"image-info", "otapack inspect FILE shows what is in a file"},
    {"check", "otapack verify FILE makes every check"},
    {"validate", "otapack verify FILE makes every check"},
    {"test", "otapack verify FILE makes every check; otapack simulate plays a device"},
    {"compare", "otapack diff OLD NEW shows what changed from one file to another"},
    {"cmp", "otapack diff OLD NEW shows what changed from one file to another"},
    {"changes", "otapack diff OLD NEW shows what changed from one file to another"},
    {"create",
     "otapack build RECIPE makes an image; otapack compat has the older scripts' own words"},
    {"make", "otapack build RECIPE makes an image"},
    {"pack", "otapack build RECIPE makes an image"},
    {"package", "otapack build RECIPE makes an image"},
    {"generate", "otapack build RECIPE makes an image, otapack key generate FILE a key"},
    {"recipe", "otapack init writes a recipe to begin with; otapack-recipe(5) explains them"},
    {"policy", "otapack init policy writes one to begin with; otapack-policy(5) explains them"},
    {"merge_bin", "otapack build RECIPE with flash: makes one image of several"},
    {"merge-bin", "otapack build RECIPE with flash: makes one image of several"},
    {"elf2image", "esptool makes an app of an ELF file; otapack takes the app"},
    {"unpack", "otapack extract FILE writes the parts as files"},
    {"split", "otapack extract FILE writes the parts as files"},
    {"set", "otapack edit FILE --set FIELD=VALUE changes a Matter header"},
    {"change_header", "otapack edit FILE --set FIELD=VALUE changes a Matter header"},
    {"keygen", "otapack key generate FILE makes a key"},
    {"generate_signing_key",
     "otapack key generate FILE makes a key; otapack compat espsecure has that word"},
    {"digest", "otapack key digest FILE prints the digest for the eFuses"},
    {"digest_sbv2_public_key", "otapack key digest FILE; otapack compat espsecure has that word"},
    {"sign_data", "otapack sign FILE --key KEY; otapack compat espsecure has that word"},
    {"sign-data", "otapack sign FILE --key KEY; otapack compat espsecure has that word"},
    {"verify_signature", "otapack verify FILE --key KEY; otapack compat espsecure has that word"},
    {"verify-signature", "otapack verify FILE --key KEY; otapack compat espsecure has that word"},
    {"upload", "otapack publish FILE --to TARGET writes what a server takes, and the requests"},
    {"deploy", "otapack publish FILE --to TARGET writes what a server takes, and the requests"},
    {"release", "otapack publish FILE --to TARGET writes what a server takes, and the requests"},
    {"encrypt", "encrypt: in a recipe makes an encrypted update (otapack-esp-encrypted-img(7))"},
    {"decrypt", "otapack extract FILE content --decrypt-key KEY writes what is encrypted"},
    {"upload", "otapack push FILE --host ADDR sends a file to a device with ArduinoOTA"},
    {"send", "otapack push FILE --host ADDR sends a file to a device with ArduinoOTA"},
    {"espota", "otapack push FILE --host ADDR; otapack compat espota has the script's own options"},
    {"espota.py",
     "otapack push FILE --host ADDR; otapack compat espota has the script's own options"},
    {"espsecure", "put compat before it: otapack compat espsecure"},
    {"espsecure.py", "put compat before it: otapack compat espsecure"},
    {"ota_image_tool.py", "put compat before it: otapack compat ota_image_tool.py"},
    {"esp32_multi_ota_tool.py", "put compat before it: otapack compat esp32_multi_ota_tool.py"},
    {"create_ota_image.py", "put compat before it: otapack compat create_ota_image.py"},
    {"signing.py", "put compat before it: otapack compat signing.py"},
    {"version", "otapack --version prints otapack's own, otapack inspect FILE that of an image"},
};

const char *verb_hint(const char *word)
{
    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
        if (strcmp(word, hints[i].word) == 0) {
            return hints[i].hint;
        }
    }
    return "";
}
