-- Opening stock: what lay on the shelves before the ledger began. It comes in by bulk import, each batch of a supplier once.
ALTER TABLE decoction.lot ADD COLUMN is_opening boolean NOT NULL DEFAULT false;

CREATE UNIQUE INDEX lot_opening_once ON decoction.lot (site_id, piece_code, supplier_id, batch_number) WHERE is_opening;

ALTER TABLE decoction.movement DROP CONSTRAINT movement_kind_known;
ALTER TABLE decoction.movement ADD CONSTRAINT movement_kind_known
    CHECK (kind IN ('opening', 'receipt', 'issue', 'disposal'));
ALTER TABLE decoction.movement DROP CONSTRAINT movement_sign_fits_kind;
ALTER TABLE decoction.movement ADD CONSTRAINT movement_sign_fits_kind
    CHECK ((kind IN ('opening', 'receipt')) = (quantity_mg > 0));
ALTER TABLE decoction.movement DROP CONSTRAINT movement_out_has_reason;
ALTER TABLE decoction.movement ADD CONSTRAINT movement_out_has_reason
    CHECK (kind IN ('opening', 'receipt') OR reason <> '');
