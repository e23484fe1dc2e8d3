/*
 * libmodbus as a peer. Ends with its standard input.
 *
 *   peer tcp PORT                a server on 127.0.0.1 for any number of connections; PORT 0 for any
 *   peer rtu DEVICE UNIT BAUD    one unit on a serial line, even parity
 *   peer poll PORT REGISTERS     a client: for each line "N" on standard input, N polls, then "OK"
 *
 * Servers print "READY <port>"; all four tables have 65536 addresses, register i holds i, and what is written stays.
 */
#include <errno.h>
#include <modbus.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

#define MOST 1024

static modbus_mapping_t *tables(void) {
    modbus_mapping_t *map = modbus_mapping_new(65536, 65536, 65536, 65536);
    if (map == NULL) exit(2);
    for (int i = 0; i < 65536; i++) map->tab_registers[i] = map->tab_input_registers[i] = (uint16_t) i;
    return map;
}

static void ready(int port) {
    printf("READY %d\n", port);
    fflush(stdout);
}

static int serve_tcp(int port) {
    modbus_t *context = modbus_new_tcp("127.0.0.1", port);
    modbus_mapping_t *map = tables();
    int listener = modbus_tcp_listen(context, 128);
    if (listener < 0) return 2;
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    getsockname(listener, (struct sockaddr *) &address, &length);
    ready(ntohs(address.sin_port));
    static struct pollfd sockets[MOST];
    sockets[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    sockets[1] = (struct pollfd){.fd = listener, .events = POLLIN};
    int count = 2;
    uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
    while (poll(sockets, count, -1) > 0) {
        if (sockets[0].revents) return 0;
        int before = count;
        if (sockets[1].revents && count < MOST) {
            int fresh = modbus_tcp_accept(context, &listener);
            if (fresh >= 0) sockets[count++] = (struct pollfd){.fd = fresh, .events = POLLIN};
        }
        for (int i = before - 1; i >= 2; i--) {
            if (!sockets[i].revents) continue;
            modbus_set_socket(context, sockets[i].fd);
            int received = modbus_receive(context, query);
            if (received > 0) modbus_reply(context, query, received, map);
            if (received < 0) {
                close(sockets[i].fd);
                sockets[i] = sockets[--count];
            }
        }
    }
    return 2;
}

static int serve_rtu(const char *device, int unit, int baud) {
    modbus_t *context = modbus_new_rtu(device, baud, 'E', 8, 1);
    modbus_mapping_t *map = tables();
    modbus_set_slave(context, unit);
    if (modbus_connect(context) < 0) return 2;
    ready(0);
    uint8_t query[MODBUS_RTU_MAX_ADU_LENGTH];
    struct pollfd inputs[2] = {
        {.fd = STDIN_FILENO, .events = POLLIN}, {.fd = modbus_get_socket(context), .events = POLLIN}};
    while (poll(inputs, 2, -1) > 0) {
        if (inputs[0].revents) return 0;
        int received = modbus_receive(context, query);
        if (received > 0) modbus_reply(context, query, received, map);
        else if (received < 0 && errno == EIO) return 0;
    }
    return 2;
}

static int poll_tcp(int port, int registers) {
    modbus_t *context = modbus_new_tcp("127.0.0.1", port);
    uint16_t values[MODBUS_MAX_READ_REGISTERS];
    if (modbus_connect(context) < 0) return 2;
    ready(port);
    char line[32];
    while (fgets(line, sizeof line, stdin) != NULL) {
        for (long n = atol(line); n > 0; n--) {
            if (modbus_read_registers(context, 0, registers, values) != registers) {
                fprintf(stderr, "%s\n", modbus_strerror(errno));
                return 2;
            }
        }
        printf("OK\n");
        fflush(stdout);
    }
    return 0;
}

int main(int count, char **words) {
    if (count == 3 && strcmp(words[1], "tcp") == 0) return serve_tcp(atoi(words[2]));
    if (count == 5 && strcmp(words[1], "rtu") == 0) return serve_rtu(words[2], atoi(words[3]), atoi(words[4]));
    if (count == 4 && strcmp(words[1], "poll") == 0) return poll_tcp(atoi(words[2]), atoi(words[3]));
    fprintf(stderr, "peer tcp PORT | peer rtu DEVICE UNIT BAUD | peer poll PORT REGISTERS\n");
    return 2;
}
