package io.streamforge.controlplane.enrollment;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.GatewayIdentity;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "enrollments", description = "How a gateway becomes known")
class EnrollmentController {

    private final EnrollmentTokens tokens;
    private final Enrollments enrollments;

    EnrollmentController(EnrollmentTokens tokens, Enrollments enrollments) {
        this.tokens = tokens;
        this.enrollments = enrollments;
    }

    @GetMapping("/enrollments/tokens")
    @AllowedTo(Caller.ADMIN)
    @Operation(summary = "Enrolment tokens, without their secrets")
    Page<EnrollmentToken> listEnrollmentTokens(
            @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return tokens.list(limit, cursor);
    }

    @PostMapping("/enrollments/tokens")
    @AllowedTo(Caller.ADMIN)
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Make an enrolment token; the answer shows it once")
    EnrollmentTokenCreated createEnrollmentToken(@Valid @RequestBody EnrollmentTokenRequest request, User user) {
        return tokens.create(request, user);
    }

    @DeleteMapping("/enrollments/tokens/{id}")
    @AllowedTo(Caller.ADMIN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Withdraw an enrolment token")
    void deleteEnrollmentToken(@PathVariable String id, User user) {
        tokens.delete(id, user);
    }

    @PostMapping("/enrollments")
    @AllowedTo(Caller.ANYONE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "A gateway asks to become known, proving its key; asking again with the same key is harmless")
    Enrollment enroll(
            @RequestHeader("DPoP") String proof,
            @Valid @RequestBody EnrollmentRequest enrollment,
            HttpServletRequest request) {
        return enrollments.enroll(enrollment, proof, request);
    }

    @GetMapping("/enrollments/{gatewayId}")
    @AllowedTo(Caller.ANYONE)
    @Operation(
            summary =
                    "A gateway asks how far its enrolment is, proving its key; once approved the answer carries its token")
    Enrollment getEnrollment(
            @PathVariable String gatewayId, @RequestHeader("DPoP") String proof, HttpServletRequest request) {
        return enrollments.state(gatewayId, proof, request);
    }

    @PostMapping("/gateways/{id}/token")
    @AllowedTo(Caller.GATEWAY)
    @Operation(summary = "Renew the gateway's token")
    GatewayToken renewGatewayToken(@PathVariable String id, GatewayIdentity gateway) {
        return enrollments.renew(gateway);
    }
}
