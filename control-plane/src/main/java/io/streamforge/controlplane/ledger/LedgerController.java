package io.streamforge.controlplane.ledger;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.GatewayIdentity;
import io.streamforge.controlplane.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "ledger", description = "What became of every reading")
class LedgerController {

    private final Ledgers ledgers;

    LedgerController(Ledgers ledgers) {
        this.ledgers = ledgers;
    }

    @GetMapping("/ledger")
    @AllowedTo(Caller.VIEWER)
    @Operation(
            summary = "What became of readings, per adapter or per series, the latest first",
            description = "read + reprocessed + approved = clean - synthetic + dead + duplicateDropped")
    Page<LedgerSums> listLedger(
            @ParameterObject LedgerFilter filter,
            @RequestParam(defaultValue = "MINUTE") Resolution resolution,
            @RequestParam(defaultValue = "false") boolean series,
            @RequestParam(defaultValue = "false") boolean unbalanced,
            @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return ledgers.list(filter, resolution, series, unbalanced, limit, cursor);
    }

    @GetMapping("/gateways/{id}/ledger")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "A gateway's ledger of the last hours in short")
    LedgerSummary getLedgerSummary(
            @PathVariable String id, @RequestParam(defaultValue = "24") @Min(1) @Max(168) int hours) {
        return ledgers.summary(id, hours);
    }

    @PostMapping("/gateways/{id}/uplink/ledger")
    @AllowedTo(Caller.GATEWAY)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "A gateway hands on ledger entries; one that is known is ignored")
    void postLedger(@PathVariable String id, @Valid @RequestBody PostedEntries posted, GatewayIdentity gateway) {
        ledgers.add(gateway.id(), posted);
    }
}
