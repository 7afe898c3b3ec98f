/* The interface com.microsoft.identity.Broker1 on the session bus. */
#ifndef HB_BROKER_SERVICE_H
#define HB_BROKER_SERVICE_H

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "daemon.h"

#define BROKER_NAME "com.microsoft.identity.broker1"
#define BROKER_PATH "/com/microsoft/identity/broker1"
#define BROKER_INTERFACE "com.microsoft.identity.Broker1"

/* 0, or a negative errno value. sockets stay the caller's and must outlive the process's threads. */
int service_open(sd_bus *bus, sd_event *event, const struct sockets *sockets);

#endif
