/* SPDX-License-Identifier: Apache-2.0
 *
 * A device that is updated, for tests/firmware/esp-idf.sh:
 *
 *     device update FILE CHUNK [NAME=VALUE]...   one update, and what has become of the device
 *     device cut FILE                            files that end early (OTAPACK_LONG=1: anywhere)
 *     device power FILE                          the power is cut, or the bootloader goes back
 *     device rcp-alone FILE                      an update of the RCP only
 *     device main                                the example's app_main, with the file `download`
 *
 *     device size                                of struct update
 *
 * The storage is ./rcp_fw; what was written to the host's slot goes to ./slot. With storage=new,
 * RCP image 0 is in use, and 1 is what is left of an update from long ago.
 */
#include "esp_rcp_update.h"
#include "fake.h"
#include "sdkconfig.h"
#include "update.h"
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

void app_main(void);

static struct {
    const char *version;
    uint32_t secure_version, software_version, slot_size;
    size_t cut, storage;
    bool announced, pending, other_slot;
    char fail_name[40];
    int fail_call;
    esp_err_t fail_code;
} test = {"1.0", 0, 0, FAKE_SLOT_SIZE, SIZE_MAX, SIZE_MAX, true, false, true, "", 0, ESP_FAIL};

static uint8_t file[1u << 20];
static struct update update;

#define EXPECT(what) expect(what, #what, __LINE__)
static void expect(bool good, const char *what, int line)
{
    if (!good) {
        fprintf(stderr, "device.c:%d: not so: %s\n", line, what);
        exit(3);
    }
}

static size_t load(const char *path)
{
    FILE *f = fopen(path, "rb");
    EXPECT(f != NULL);
    size_t n = fread(file, 1, sizeof(file), f);
    (void)fclose(f);
    return n;
}

/* The lowest number that is free: higher if a file stays open. */
static int next_file(void)
{
    int fd = dup(0);
    (void)close(fd);
    return fd;
}

static esp_err_t feed(size_t n, size_t chunk)
{
    struct update_options options = {.size = test.announced ? (uint32_t)n : 0,
                                     .software_version = test.software_version};
    esp_err_t err = update_begin(&update, &options);
    for (size_t at = 0; at < n && err == ESP_OK; at += chunk) {
        err = update_receive(&update, file + at, n - at < chunk ? n - at : chunk);
    }
    return err == ESP_OK ? update_end(&update) : err;
}

/* An update of which nothing may be left open, and after which nothing more may be done. */
static esp_err_t run(size_t n, size_t chunk)
{
    int files = next_file();
    esp_err_t err = feed(n, chunk);
    EXPECT(next_file() == files);
    EXPECT(fake.handle == 0 && fake.hashes == 0);
    EXPECT(fake.seq == fake.nvs_seq);
    EXPECT(update_receive(&update, file, 1) == (err != ESP_OK ? err : ESP_ERR_INVALID_STATE));
    EXPECT(update_end(&update) == (err != ESP_OK ? err : ESP_ERR_INVALID_STATE));
    update_abort(&update);
    return err;
}

/* No file may have more bytes: the storage is full. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    EXPECT(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    (void)signal(SIGXFSZ, SIG_IGN);
    EXPECT(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    EXPECT(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void empty_folder(const char *path)
{
    char name[300];
    (void)mkdir(path, 0777);
    DIR *d = opendir(path);
    EXPECT(d != NULL);
    for (const struct dirent *entry; (entry = readdir(d)) != NULL;) {
        (void)snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        EXPECT(entry->d_name[0] == '.' || remove(name) == 0);
    }
    (void)closedir(d);
}

static void new_storage(void)
{
    (void)remove("slot");
    (void)mkdir("rcp_fw", 0777);
    empty_folder("rcp_fw/ot_rcp_0");
    empty_folder("rcp_fw/ot_rcp_1");
    write_text("rcp_fw/ot_rcp_0/rcp_image", "current\n");
    write_text("rcp_fw/ot_rcp_1/rcp_image", "old\n");
    write_text("rcp_fw/ot_rcp_1/owner", "00000000000000000000000000000000");
}

/* NAME:CALL[:CODE]: what fails, at which call, and what it then returns. */
static void set_failure(const char *value)
{
    size_t n = strcspn(value, ":");
    char *end;
    EXPECT(n < sizeof(test.fail_name) && value[n] == ':');
    memcpy(test.fail_name, value, n);
    test.fail_call = (int)strtol(value + n + 1, &end, 10);
    test.fail_code = *end == ':' ? (esp_err_t)strtol(end + 1, NULL, 0) : ESP_FAIL;
}

static void set(const char *name, const char *value)
{
    unsigned long number = strtoul(value, NULL, 0);
    if (strcmp(name, "chip") == 0) {
        stand_in_chip = (int)number;
    } else if (strcmp(name, "version") == 0) {
        test.version = value;
    } else if (strcmp(name, "secure") == 0) {
        test.secure_version = (uint32_t)number;
    } else if (strcmp(name, "matter") == 0) {
        test.software_version = (uint32_t)number;
    } else if (strcmp(name, "slot") == 0) {
        test.slot_size = (uint32_t)number;
        test.other_slot = number != 0;
    } else if (strcmp(name, "pending") == 0) {
        test.pending = true;
    } else if (strcmp(name, "cut") == 0) {
        test.cut = number;
    } else if (strcmp(name, "unannounced") == 0) {
        test.announced = false;
    } else if (strcmp(name, "storage") == 0 && strcmp(value, "new") == 0) {
        new_storage();
    } else if (strcmp(name, "storage") == 0) {
        test.storage = number;
    } else {
        EXPECT(strcmp(name, "fail") == 0);
        set_failure(value);
    }
}

static void start(void)
{
    fake_start(test.version, test.secure_version);
    fake.pending = test.pending;
    fake.other_slot = test.other_slot;
    fake.slot_size = test.slot_size;
    fake.fail_name = test.fail_name[0] != '\0' ? test.fail_name : NULL;
    fake.fail_call = test.fail_call;
    fake.fail_code = test.fail_code;
}

static int update_once(const char *path, size_t chunk)
{
    size_t n = load(path);
    start();
    limit_files(test.storage);
    esp_err_t err = run(n < test.cut ? n : test.cut, chunk);
    limit_files(RLIM_INFINITY);
    printf("%s boot=%d seq=%d written=%u\n", esp_err_to_name(err), fake.boot, fake.nvs_seq,
           (unsigned)fake.written[1]);
    if (err == ESP_OK) {
        FILE *f = fopen("slot", "wb");
        EXPECT(f != NULL && fwrite(fake.slot[1], 1, fake.written[1], f) == fake.written[1]);
        EXPECT(fclose(f) == 0);
    }
    return 0;
}

static int cut_everywhere(const char *path)
{
    size_t n = load(path);
    const char *long_runs = getenv("OTAPACK_LONG");
    bool all = long_runs != NULL && strcmp(long_runs, "1") == 0;
    for (size_t cut = 0; cut < n; cut += all || cut < 700 || n - cut < 100 ? 1 : 29) {
        start();
        test.announced = cut % 2 == 0;
        EXPECT(run(cut, 1024) != ESP_OK);
        EXPECT(fake.boot == 0 && fake.nvs_seq == 0);
    }
    printf("%u\n", (unsigned)n);
    return 0;
}

/* ---- Power, and rollback ------------------------------------------------------------------------
 */

/* Updates slot 0 to slot 1, and has the power cut at this call. */
static void cut_power(size_t n, const char *call)
{
    static jmp_buf power;
    fake_start("1.0", 0);
    EXPECT(update_settle() == ESP_OK); /* notes whose RCP image 0 is */
    fake.fail_name = call;
    fake.fail_call = 1;
    fake.power = &power;
    if (setjmp(power) == 0) {
        (void)feed(n, 1024);
        EXPECT(false);
    }
    fake_restart();
    EXPECT(update_settle() == ESP_OK);
}

/* Host i runs, with its own RCP image; and stays so. */
static void expect_halves(int i)
{
    for (int starts = 0; starts < 3; starts++) {
        EXPECT(fake.running == i && fake.nvs_seq == i && fake.seq == i);
        fake_restart();
        EXPECT(update_settle() == ESP_OK);
    }
}

/* The RCP does not take the image: esp_rcp_update goes back to the other one. */
static void give_up_rcp_image(void)
{
    fake.nvs_seq = (int8_t)(1 - fake.nvs_seq);
    fake_restart();
    EXPECT(update_settle() == ESP_OK);
}

static int power(const char *path)
{
    size_t n = load(path);
    cut_power(n, "esp_ota_write");
    expect_halves(0);
    cut_power(n, "esp_ota_end");
    expect_halves(0);
    cut_power(n, "esp_ota_set_boot_partition");
    expect_halves(0);
    cut_power(n, "esp_rcp_submit_new_image"); /* the host is switched, the RCP is not */
    expect_halves(1);

    /* The host does not come up, and the bootloader goes back to the one from before. */
    fake_start("1.0", 0);
    EXPECT(update_settle() == ESP_OK);
    EXPECT(run(n, 1024) == ESP_OK);
    fake_restart();
    EXPECT(update_settle() == ESP_OK);
    EXPECT(fake.running == 1 && fake.nvs_seq == 1);
    fake.boot = 0;
    fake_restart();
    EXPECT(update_settle() == ESP_OK);
    expect_halves(0);

    /* The RCP does not take its image: that is tried once more, and not again. */
    fake_start("1.0", 0);
    EXPECT(update_settle() == ESP_OK);
    EXPECT(run(n, 1024) == ESP_OK);
    fake_restart();
    give_up_rcp_image();
    EXPECT(fake.nvs_seq == 1);
    give_up_rcp_image();
    EXPECT(fake.nvs_seq == 0);
    fake_restart();
    EXPECT(update_settle() == ESP_OK);
    EXPECT(fake.nvs_seq == 0);
    return 0;
}

/* Only the RCP is updated: the image from before is this host's as well, and yet stays behind. */
static int rcp_alone(const char *path)
{
    size_t n = load(path);
    fake_start("1.0", 0);
    EXPECT(update_settle() == ESP_OK);
    EXPECT(run(n, 1024) == ESP_OK);
    for (int starts = 0; starts < 3; starts++) {
        fake_restart();
        EXPECT(update_settle() == ESP_OK);
        EXPECT(fake.running == 0 && fake.nvs_seq == 1);
    }
    return 0;
}

static int example(void)
{
    fake_start("1.0", 0);
    app_main();
    printf("running=%d seq=%d\n", fake.running, fake.nvs_seq);
    return 0;
}

int main(int argc, char **argv)
{
    static char log[1u << 16];
    const char *verb = argc > 1 ? argv[1] : "";
    (void)setvbuf(stderr, log, _IOFBF, sizeof(log)); /* while the storage is full, it waits */
    for (int i = 4; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        EXPECT(equals != NULL);
        *equals = '\0';
        set(argv[i], equals + 1);
    }
    if (strcmp(verb, "size") == 0) {
        printf("%u\n", (unsigned)sizeof(struct update));
        return 0;
    }
    if (strcmp(verb, "main") == 0) {
        return example();
    }
    EXPECT(argc > 2);
    if (strcmp(verb, "cut") == 0) {
        return cut_everywhere(argv[2]);
    }
    if (strcmp(verb, "power") == 0) {
        return power(argv[2]);
    }
    if (strcmp(verb, "rcp-alone") == 0) {
        return rcp_alone(argv[2]);
    }
    EXPECT(argc > 3);
    return update_once(argv[2], strtoul(argv[3], NULL, 0));
}
