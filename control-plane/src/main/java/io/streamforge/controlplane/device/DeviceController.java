package io.streamforge.controlplane.device;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.User;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/gateways/{id}")
@Tag(name = "devices", description = "Alarms and certificates of the devices behind a gateway")
class DeviceController {

    private final Devices devices;

    DeviceController(Devices devices) {
        this.devices = devices;
    }

    @GetMapping("/device-alarms")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "The alarms that the devices keep, as they stand now")
    CompletableFuture<DeviceAlarms> listDeviceAlarms(@PathVariable String id) {
        return devices.alarms(id);
    }

    @PostMapping("/device-alarms/answer")
    @AllowedTo(Caller.OPERATOR)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Acknowledge or confirm an alarm on its device, or add a comment to it")
    CompletableFuture<Void> answerDeviceAlarm(
            @PathVariable String id, @Valid @RequestBody AlarmAnswer answer, User user) {
        return devices.answer(id, answer, user);
    }

    @GetMapping("/certificates")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "Certificates of devices, those that were refused first")
    CompletableFuture<DeviceCertificates> listDeviceCertificates(@PathVariable String id) {
        return devices.certificates(id);
    }

    @PostMapping("/certificates/{fingerprint}/trust")
    @AllowedTo(Caller.ADMIN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Trust a refused certificate; adapters that wait for it connect")
    CompletableFuture<Void> trustCertificate(@PathVariable String id, @PathVariable String fingerprint, User user) {
        return devices.decide(id, fingerprint, true, user);
    }

    @DeleteMapping("/certificates/{fingerprint}")
    @AllowedTo(Caller.ADMIN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Forget a certificate; a connection to who has it ends")
    CompletableFuture<Void> removeCertificate(@PathVariable String id, @PathVariable String fingerprint, User user) {
        return devices.decide(id, fingerprint, false, user);
    }
}
