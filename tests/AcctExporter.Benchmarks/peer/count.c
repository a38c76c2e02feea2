// SPDX-License-Identifier: Apache-2.0
/*
 * The plain C loop that the ledger is measured against: reads an accounting file of v3 records, counts each into a row
 * for its command and uid with the same counters and histograms as the agent's, and prints the totals.
 * Nothing clever: one pass, an open-addressing table of row numbers, bounds compared one by one. gcc -O2.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER = 256 << 10, BOUNDS = 12, BUCKETS = BOUNDS + 1 };

struct acct_v3 { /* include/uapi/linux/acct.h */
	uint8_t flag, version;
	uint16_t tty;
	uint32_t exitcode, uid, gid, pid, ppid, btime;
	float etime;
	uint16_t utime, stime, mem, io, rw, minflt, majflt, swaps;
	char comm[16];
};

struct row {
	char comm[16];
	uint32_t uid, last;
	uint64_t exits, failures, signals, user, system, minor, major, forks, privileged, elapsed, memory;
	uint32_t buckets[3][BUCKETS];
};

static const uint64_t duration_bounds[BOUNDS] = {
	10000, 20000, 50000, 100000, 250000, 500000, 2500000, 12500000, 62500000, 312500000, 1562500000, 7812500000,
};
static const uint64_t cpu_bounds[BOUNDS] = {
	1000, 2500, 10000, 25000, 100000, 250000, 500000, 2500000, 12500000, 62500000, 312500000, 1562500000,
};
static const uint64_t memory_bounds[BOUNDS] = {
	1ULL << 20, 1ULL << 22, 1ULL << 24, 1ULL << 26, 1ULL << 28, 1ULL << 30,
	1ULL << 32, 1ULL << 34, 1ULL << 36, 1ULL << 38, 1ULL << 40, 1ULL << 42,
};

static struct row *rows;
static uint32_t *slots;
static uint32_t row_count, row_capacity, slot_count;

static uint64_t comp(uint16_t raw) { return (uint64_t)(raw & 0x1fff) << (3 * (raw >> 13)); }

static int bucket_of(const uint64_t *bounds, uint64_t value)
{
	int bucket = 0;
	while (bucket < BOUNDS && value > bounds[bucket])
		bucket++;
	return bucket;
}

static uint32_t hash_of(const char *comm, uint32_t uid)
{
	uint64_t low, high;
	memcpy(&low, comm, 8);
	memcpy(&high, comm + 8, 8);
	uint64_t mixed = (low ^ (high * 0x9e3779b97f4a7c15ULL) ^ uid) * 0xff51afd7ed558ccdULL;
	mixed ^= mixed >> 32;
	return (uint32_t)(mixed * 0xc4ceb9fe1a85ec53ULL >> 32);
}

static void *checked(void *memory)
{
	if (!memory) {
		perror("count");
		exit(1);
	}
	return memory;
}

static void grow(void)
{
	slot_count = slot_count ? slot_count * 2 : 1024;
	row_capacity = slot_count / 2;
	rows = checked(realloc(rows, (size_t)row_capacity * sizeof *rows));
	free(slots);
	slots = checked(calloc(slot_count, sizeof *slots));
	for (uint32_t i = 0; i < row_count; i++) {
		uint32_t slot = hash_of(rows[i].comm, rows[i].uid) & (slot_count - 1);
		while (slots[slot])
			slot = (slot + 1) & (slot_count - 1);
		slots[slot] = i + 1;
	}
}

static struct row *row_of(const struct acct_v3 *record)
{
	uint32_t slot = hash_of(record->comm, record->uid) & (slot_count - 1);
	for (; slots[slot]; slot = (slot + 1) & (slot_count - 1)) {
		struct row *row = &rows[slots[slot] - 1];
		if (row->uid == record->uid && memcmp(row->comm, record->comm, 16) == 0)
			return row;
	}
	if (row_count == row_capacity) {
		grow();
		return row_of(record);
	}
	struct row *row = &rows[row_count];
	memset(row, 0, sizeof *row);
	memcpy(row->comm, record->comm, 16);
	row->uid = record->uid;
	slots[slot] = ++row_count;
	return row;
}

static void count(const struct acct_v3 *record, uint32_t now)
{
	struct row *row = row_of(record);
	uint64_t user = comp(record->utime) * 10000, system = comp(record->stime) * 10000;
	uint64_t elapsed = (uint64_t)record->etime * 10000, memory = comp(record->mem) << 10;
	row->exits++;
	row->user += user;
	row->system += system;
	row->minor += comp(record->minflt);
	row->major += comp(record->majflt);
	row->forks += record->flag & 1;
	row->privileged += record->flag >> 1 & 1;
	row->elapsed += elapsed;
	row->memory += memory;
	row->last = now;
	row->buckets[0][bucket_of(duration_bounds, elapsed)]++;
	row->buckets[1][bucket_of(cpu_bounds, user + system)]++;
	row->buckets[2][bucket_of(memory_bounds, memory)]++;
	if (record->exitcode & 0x7f)
		row->signals++;
	else if (record->exitcode & 0xff00)
		row->failures++;
}

static void print_totals(uint64_t rejected)
{
	struct row all = { .exits = 0 };
	uint64_t buckets = 0;
	for (uint32_t i = 0; i < row_count; i++) {
		all.exits += rows[i].exits;
		all.failures += rows[i].failures;
		all.signals += rows[i].signals;
		all.user += rows[i].user;
		all.system += rows[i].system;
		all.minor += rows[i].minor;
		all.elapsed += rows[i].elapsed;
		for (int histogram = 0; histogram < 3; histogram++)
			for (int bucket = 0; bucket < BUCKETS; bucket++)
				buckets += (uint64_t)rows[i].buckets[histogram][bucket] * (bucket + 16 * histogram);
	}
	printf("%lu %lu %lu %lu %lu %lu %lu %lu %u %lu\n", all.exits, all.failures, all.signals, all.user, all.system,
	       all.minor, all.elapsed, buckets, row_count, rejected);
}

int main(int argc, char **argv)
{
	static struct acct_v3 buffer[BUFFER / sizeof(struct acct_v3)];
	uint64_t rejected = 0;
	size_t held = 0;
	int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;
	if (file < 0) {
		fprintf(stderr, "usage: count FILE\n");
		return 2;
	}
	grow();
	for (;;) {
		ssize_t got = read(file, (char *)buffer + held, BUFFER - held);
		if (got <= 0)
			break;
		held += got;
		size_t records = held / sizeof *buffer;
		for (size_t i = 0; i < records; i++) {
			if (buffer[i].version == 3)
				count(&buffer[i], 1700000000);
			else
				rejected++;
		}
		held -= records * sizeof *buffer;
		memmove(buffer, buffer + records, held);
	}
	print_totals(rejected);
	return 0;
}
