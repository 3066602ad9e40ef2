-- How an import's file is written, as its first lines tell: Excel and WPS save what is Chinese as GB 18030 and UTF-8, with commas and with tabs.
ALTER TABLE host.import
    -- NULL while only letters were seen that both write alike.
    ADD COLUMN encoding text CONSTRAINT import_encoding_known CHECK (encoding IN ('UTF-8', 'GB18030')),
    ADD COLUMN delimiter text NOT NULL DEFAULT 'comma'
        CONSTRAINT import_delimiter_known CHECK (delimiter IN ('comma', 'tab', 'semicolon'));
