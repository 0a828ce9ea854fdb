/* SPDX-License-Identifier: Apache-2.0
 *
 * The example's app_main, from start to start, until it stays: with all that a server may answer,
 * and with every call that can fail.
 */
#include "device.h"
#include "fake_http.h"
#include "nvs_flash.h"
#include "sdkconfig.h"
#include "update.h"
#include <stdlib.h>
#include <string.h>

#define MAX_STARTS 12

void app_main(void);

/* ---- A life ---------------------------------------------------------------------------------- */

static struct {
    int starts, aborts;
} life;

/* When the new host starts for the first time, its RCP image is not any more what was written. */
static bool worn;

static bool is_new(void)
{
    return strcmp(esp_app_get_description()->version, "1.0") != 0;
}

/* It starts, again and again, as long as it restarts by itself or its power comes back. */
static void live(void)
{
    static jmp_buf reset;
    memset(&life, 0, sizeof(life));
    fake.reset = &reset;
    if (setjmp(reset) == FAKE_ABORT) {
        life.aborts++;
    }
    if (++life.starts > MAX_STARTS) {
        fake_wrong("it restarts without end");
    }
    fake_boot();
    if (worn && is_new()) {
        worn = false;
        device_flip(1, 1000);
    }
    app_main();
    fake.reset = NULL;
}

static size_t new_file_size, new_rcp_size;

/* The RCP's image in use is that of the host that runs: from before, or as the file has it. */
static bool halves_fit(void)
{
    char path[40];
    static uint8_t image[sizeof(device_old_rcp)];
    (void)snprintf(path, sizeof(path), "rcp_fw/ot_rcp_%d/rcp_image", fake.nvs_seq);
    FILE *f = fopen(path, "rb");
    EXPECT(f != NULL);
    size_t n = fread(image, 1, sizeof(image), f);
    (void)fclose(f);
    return is_new() ? n == new_rcp_size && memcmp(image, device_file, n) == 0
                    : n == device_old_rcp_size && memcmp(image, device_old_rcp, n) == 0;
}

/* A new host has flashed it. The one from before leaves that to the border router. */
static bool rcp_fits(void)
{
    return !is_new() || fake.rcp_has == fake.nvs_seq;
}

/* ---- The server ------------------------------------------------------------------------------ */

static struct fake_answer *answer_with(const char *url, int status)
{
    struct fake_answer *answer = &fake_server.answers[fake_server.count++];
    *answer = (struct fake_answer){.url = url, .status = status, .cut = SIZE_MAX};
    return answer;
}

static void serve(size_t n)
{
    new_file_size = n;
    new_rcp_size = device_rcp_size(n);
    memset(&fake_server, 0, sizeof(fake_server));
    struct fake_answer *answer = answer_with(CONFIG_EXAMPLE_UPDATE_URL, 200);
    answer->body = device_file;
    answer->size = n;
}

/* It is elsewhere, behind so many answers with a few words each. */
static void redirect(int times, int status, const char *to)
{
    static char urls[16][40];
    struct fake_answer file = fake_server.answers[0];
    fake_server.count = 0;
    for (int i = 0; i < times; i++) {
        (void)snprintf(urls[i], sizeof(urls[i]), "%s/%d",
                       i % 2 == 0 ? "https://example.com" : "https://other.example.com", i);
        struct fake_answer *answer = answer_with(i == 0 ? file.url : urls[i - 1], status);
        answer->location = i + 1 == times && to != NULL ? to : urls[i];
        answer->body = (const uint8_t *)"It is elsewhere.\n";
        answer->size = 17;
    }
    file.url = to != NULL && to[0] == '/' ? "https://example.com/there" : urls[times - 1];
    fake_server.answers[fake_server.count++] = file;
}

/* ---- One life, as its options say ------------------------------------------------------------ */

static void set_device(const char *name, int number)
{
    if (strcmp(name, "factory") == 0) {
        fake_install(FAKE_FACTORY, "1.0", 0, 0xA0);
        memset(fake.app[FAKE_OTA_0], 0xFF, sizeof(fake.app[0]));
        memset(fake.otadata, 0xFF, sizeof(fake.otadata));
        fake.factory = true;
        fake.first = FAKE_FACTORY;
    } else if (strcmp(name, "blank") == 0) {
        memset(fake.otadata, 0xFF, sizeof(fake.otadata));
    } else if (strcmp(name, "bad") == 0) {
        fake.new_host_is_bad = true;
    } else if (strcmp(name, "down") == 0) {
        fake.network_down = true;
    } else if (strcmp(name, "alone") == 0) { /* new, and nothing to go back to */
        fake.otadata[0].state = ESP_OTA_IMG_NEW;
    } else if (strcmp(name, "sealed") == 0) {
        device_seal(fake.first, new_file_size);
    } else if (strcmp(name, "worn") == 0) {
        worn = true;
    } else if (strcmp(name, "old_worn") == 0) {
        device_flip(0, 1000);
    } else {
        EXPECT(strcmp(name, "nvs") == 0);
        fake.nvs_init = number;
    }
}

static bool set_server(const char *name, const char *value)
{
    struct fake_answer *file = &fake_server.answers[fake_server.count - 1];
    int number = (int)strtol(value, NULL, 0);
    if (strcmp(name, "status") == 0) {
        file->status = number;
    } else if (strcmp(name, "length") == 0) {
        file->length = (enum fake_length)number;
    } else if (strcmp(name, "cut") == 0) {
        file->cut = (size_t)number;
    } else if (strcmp(name, "silent_before") == 0) {
        file->silent_before = number;
    } else if (strcmp(name, "silent_within") == 0) {
        file->silent_within = number;
    } else if (strncmp(name, "redirects-", 10) == 0) {
        redirect(number, (int)strtol(name + 10, NULL, 10), NULL);
    } else if (strcmp(name, "to") == 0) {
        redirect(1, 302, value);
    } else {
        return false;
    }
    return true;
}

int device_main(int argc, char **argv)
{
    serve(device_load(argv[2]));
    device_new_storage();
    fake_start("1.0", 0);
    for (int i = 3; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        EXPECT(equals != NULL);
        *equals = '\0';
        if (strcmp(argv[i], "fail") == 0) {
            fake.fail_name = equals + 1;
            fake.fail_call = 1;
            fake.fail_code = 0x777;
        } else if (!set_server(argv[i], equals + 1)) {
            set_device(argv[i], (int)strtol(equals + 1, NULL, 0));
        }
    }
    live();
    EXPECT(rcp_fits());
    printf("running=%d seq=%d starts=%d asked=%d%s%s\n", fake.running, fake.nvs_seq, life.starts,
           fake_server.asked, update_is_unconfirmed() ? " unconfirmed" : "",
           halves_fit() ? "" : " unfit");
    return 0;
}

/* ---- Every call fails, or is the last before the power is cut -------------------------------- */

/* How the device is before, and whether the new host stays. */
static const struct {
    const char *name, *and;
} devices[] = {{NULL, NULL},       {"factory", NULL},     {"blank", NULL},   {"bad", NULL},
               {"factory", "bad"}, {"factory", "sealed"}, {"sealed", "bad"}, {"sealed", NULL}};

static void make(size_t i)
{
    device_new_storage();
    fake_start("1.0", 0);
    fake_server.asked = 0;
    if (devices[i].name != NULL) {
        set_device(devices[i].name, 0);
    }
    if (devices[i].and != NULL) {
        set_device(devices[i].and, 0);
    }
}

/* After what went wrong: some host runs with its RCP, and either it is the new one or that one is
 * known to have been rolled back. Another start changes nothing. */
static void expect_end(void)
{
    bool new = is_new();
    EXPECT(halves_fit() && update_judge_rcp() == ESP_OK);
    /* Where a host could not ask whether this was its first start, that is the border router's. */
    EXPECT(rcp_fits() || !fake.cut_power);
    EXPECT(new ? !fake.new_host_is_bad : esp_ota_get_last_invalid_partition() != NULL);
    live();
    EXPECT(life.starts == 1 && life.aborts == 0 && is_new() == new &&halves_fit());
}

int device_faults(const char *path, bool cut_power)
{
    serve(device_load(path));
    redirect(2, 302, NULL);
    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
        int call = 0;
        bool reached = true;
        while (reached) {
            make(i);
            fake.fail_name = FAKE_ANY;
            fake.fail_call = ++call;
            fake.fail_code = 0x777;
            fake.cut_power = cut_power;
            live();
            reached = fake.fail_call == 0;
            fake.fail_call = 0;
            live();
            expect_end();
        }
        printf("%d\n", call);
    }
    return 0;
}
