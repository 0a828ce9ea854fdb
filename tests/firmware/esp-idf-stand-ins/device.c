/* SPDX-License-Identifier: Apache-2.0
 *
 * A device that is updated, for tests/firmware/esp-idf.sh:
 *
 *     device update FILE CHUNK [NAME=VALUE]...   one update, and what has become of the device
 *     device cut FILE                            files that end early (OTAPACK_LONG=1: anywhere)
 *     device power FILE                          the power is cut, or the bootloader goes back
 *     device sealed-power FILE                   the same, from a host that has a seal
 *     device seals FILE                          what is judged before the RCP is flashed
 *     device rcp-alone FILE                      an update of the RCP only
 *     device main FILE [NAME=VALUE]...           the example's app_main, from start to start
 *     device faults FILE                         the same; every call fails, one at a time
 *     device cuts FILE                           the same; the power is cut at every call
 *
 *     device facts                               the stand-ins do as ESP-IDF does
 *     device size                                of struct update
 *
 * The storage is ./rcp_fw; what was written to the host's slot goes to ./slot. With storage=new,
 * RCP image 0 is in use, and 1 is what is left of an update from long ago.
 */
#include "device.h"
#include "sdkconfig.h"
#include "update.h"
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    const char *version;
    uint32_t secure_version, software_version, slot_size;
    size_t cut, storage;
    bool announced, pending, sealed, lies;
    char fail_name[40];
    int fail_call;
    esp_err_t fail_code;
} test = {"1.0", 0,  0, FAKE_SLOT_SIZE, SIZE_MAX, SIZE_MAX, true, false, false,
          false, "", 0, ESP_FAIL};

uint8_t device_file[1u << 20];
uint8_t device_old_rcp[1u << 16] = "current\n";
size_t device_old_rcp_size = 8;
static struct update update;

void expect(bool good, const char *what, const char *file, int line)
{
    if (!good) {
        fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
        exit(3);
    }
}

size_t device_load(const char *path)
{
    FILE *f = fopen(path, "rb");
    EXPECT(f != NULL);
    size_t n = fread(device_file, 1, sizeof(device_file), f);
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
    struct update_options options = {
        .size_known = test.announced, .size = n, .software_version = test.software_version};
    esp_err_t err = update_begin(&update, &options);
    for (size_t at = 0; at < n && err == ESP_OK; at += chunk) {
        err = update_receive(&update, device_file + at, n - at < chunk ? n - at : chunk);
    }
    return err == ESP_OK ? update_end(&update) : err;
}

esp_err_t device_update(size_t n, size_t chunk)
{
    int files = next_file();
    esp_err_t err = feed(n, chunk);
    EXPECT(next_file() == files);
    EXPECT(fake.handle == 0 && fake.hashes == 0);
    EXPECT(fake.seq == fake.nvs_seq);
    EXPECT(update_receive(&update, device_file, 1) ==
           (err != ESP_OK ? err : ESP_ERR_INVALID_STATE));
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

static void write_file(const char *path, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");
    EXPECT(f != NULL && fwrite(bytes, 1, n, f) == n && fclose(f) == 0);
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

void device_new_storage(void)
{
    (void)remove("slot");
    (void)mkdir("rcp_fw", 0777);
    empty_folder("rcp_fw/ot_rcp_0");
    empty_folder("rcp_fw/ot_rcp_1");
    write_file("rcp_fw/ot_rcp_0/rcp_image", device_old_rcp, device_old_rcp_size);
    write_file("rcp_fw/ot_rcp_1/rcp_image", "old\n", 4);
    write_file("rcp_fw/ot_rcp_1/owner", "00000000000000000000000000000000", 32);
}

size_t device_rcp_size(size_t n)
{
    struct otapack_source file = otapack_memory(device_file, n);
    struct otapack_rcp_image image;
    if (otapack_rcp_image_open(&file, &image).code != OTAPACK_OK) {
        return n;
    }
    const struct otapack_rcp_entry *host = otapack_rcp_find(&image, OTAPACK_RCP_HOST);
    return host != NULL ? host->offset : n;
}

void device_seal(int app, size_t n)
{
    device_old_rcp_size = device_rcp_size(n);
    EXPECT(device_old_rcp_size <= sizeof(device_old_rcp));
    memcpy(device_old_rcp, device_file, device_old_rcp_size);
    device_old_rcp[device_old_rcp_size - 1] ^= 1;
    write_file("rcp_fw/ot_rcp_0/rcp_image", device_old_rcp, device_old_rcp_size);
    fake_seal(app, device_old_rcp, (uint32_t)device_old_rcp_size);
}

void device_flip(int seq, long at)
{
    char path[40];
    (void)snprintf(path, sizeof(path), "rcp_fw/ot_rcp_%d/rcp_image", seq);
    FILE *f = fopen(path, "r+b");
    EXPECT(f != NULL && fseek(f, at, SEEK_SET) == 0);
    int byte = fgetc(f);
    EXPECT(byte != EOF && fseek(f, at, SEEK_SET) == 0);
    EXPECT(fputc(byte ^ 1, f) != EOF && fclose(f) == 0);
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
    } else if (strcmp(name, "trusted") == 0) {
        stand_in_trusted_keys = value;
    } else if (strcmp(name, "version") == 0) {
        test.version = value;
    } else if (strcmp(name, "secure") == 0) {
        test.secure_version = (uint32_t)number;
    } else if (strcmp(name, "matter") == 0) {
        test.software_version = (uint32_t)number;
    } else if (strcmp(name, "slot") == 0) {
        test.slot_size = (uint32_t)number;
    } else if (strcmp(name, "pending") == 0) {
        test.pending = true;
    } else if (strcmp(name, "sealed") == 0) {
        test.sealed = true;
    } else if (strcmp(name, "lies") == 0) {
        test.lies = true;
    } else if (strcmp(name, "cut") == 0) {
        test.cut = number;
    } else if (strcmp(name, "unannounced") == 0) {
        test.announced = false;
    } else if (strcmp(name, "storage") == 0 && strcmp(value, "new") == 0) {
        device_new_storage();
    } else if (strcmp(name, "storage") == 0) {
        test.storage = number;
    } else {
        EXPECT(strcmp(name, "fail") == 0);
        set_failure(value);
    }
}

static void start(size_t n)
{
    fake_start(test.version, test.secure_version);
    if (test.sealed) {
        device_seal(FAKE_OTA_0, n);
    }
    fake.storage_lies = test.lies;
    if (test.pending) {
        fake.otadata[0].state = ESP_OTA_IMG_PENDING_VERIFY;
    }
    if (test.slot_size == 0) { /* a factory app and no OTA partitions */
        fake_install(FAKE_FACTORY, test.version, test.secure_version, 0xA0);
        fake.factory = true;
        fake.slots = 0;
        fake.running = FAKE_FACTORY;
    }
    fake.slot_size = test.slot_size == 0 ? FAKE_SLOT_SIZE : test.slot_size;
    fake.fail_name = test.fail_name[0] != '\0' ? test.fail_name : NULL;
    fake.fail_call = test.fail_call;
    fake.fail_code = test.fail_code;
}

static int update_once(const char *path, size_t chunk)
{
    size_t n = device_load(path);
    start(n);
    limit_files(test.storage);
    esp_err_t err = device_update(n < test.cut ? n : test.cut, chunk);
    limit_files(RLIM_INFINITY);
    printf("%s boot=%d seq=%d written=%u\n", esp_err_to_name(err), fake_next_boot(), fake.nvs_seq,
           (unsigned)fake.written);
    if (err == ESP_OK) {
        FILE *f = fopen("slot", "wb");
        EXPECT(f != NULL && fwrite(fake.app[1], 1, fake.written, f) == fake.written);
        EXPECT(fclose(f) == 0);
    }
    return 0;
}

static int cut_everywhere(const char *path)
{
    size_t n = device_load(path);
    const char *long_runs = getenv("OTAPACK_LONG");
    bool all = long_runs != NULL && strcmp(long_runs, "1") == 0;
    for (size_t cut = 0; cut < n; cut += all || cut < 700 || n - cut < 100 ? 1 : 29) {
        start(n);
        test.announced = cut % 2 == 0;
        EXPECT(device_update(cut, 1024) != ESP_OK);
        EXPECT(fake_next_boot() == 0 && fake.nvs_seq == 0);
    }
    printf("%u\n", (unsigned)n);
    return 0;
}

static int with_file(const char *verb, const char *path)
{
    if (strcmp(verb, "cut") == 0) {
        return cut_everywhere(path);
    }
    if (strcmp(verb, "power") == 0 || strcmp(verb, "sealed-power") == 0) {
        return device_power(path, strcmp(verb, "power") != 0);
    }
    if (strcmp(verb, "seals") == 0) {
        return device_seals(path);
    }
    if (strcmp(verb, "rcp-alone") == 0) {
        return device_rcp_alone(path);
    }
    EXPECT(strcmp(verb, "faults") == 0 || strcmp(verb, "cuts") == 0);
    return device_faults(path, strcmp(verb, "cuts") == 0);
}

static int update_with_options(int argc, char **argv)
{
    for (int i = 4; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        EXPECT(equals != NULL);
        *equals = '\0';
        set(argv[i], equals + 1);
    }
    return update_once(argv[2], strtoul(argv[3], NULL, 0));
}

int main(int argc, char **argv)
{
    static char log[1u << 16];
    const char *verb = argc > 1 ? argv[1] : "";
    (void)setvbuf(stderr, log, _IOFBF, sizeof(log)); /* while the storage is full, it waits */
    if (strcmp(verb, "size") == 0) {
        printf("%u\n", (unsigned)sizeof(struct update));
        return 0;
    }
    if (strcmp(verb, "facts") == 0) {
        return device_facts();
    }
    EXPECT(argc > 2);
    if (strcmp(verb, "main") == 0) {
        return device_main(argc, argv);
    }
    if (strcmp(verb, "update") == 0) {
        EXPECT(argc > 3);
        return update_with_options(argc, argv);
    }
    return with_file(verb, argv[2]);
}
