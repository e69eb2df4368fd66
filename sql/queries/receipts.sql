-- name: ReceiptInsert :execrows
-- Of the same request at the same time, the second waits until the first ends, and inserts nothing if that one has committed.
INSERT INTO receipts (id, fingerprint, subject, answer, created_at) VALUES (@id, @fingerprint, @subject, NULL, @created_at)
ON CONFLICT (id) DO NOTHING;

-- name: ReceiptGet :one
SELECT * FROM receipts WHERE id = @id;

-- name: ReceiptAnswer :exec
-- Where nothing had to be written there is no receipt yet. The first answer stays.
INSERT INTO receipts (id, fingerprint, subject, answer, created_at) VALUES (@id, @fingerprint, '', @answer, @created_at)
ON CONFLICT (id) DO UPDATE SET answer = COALESCE(receipts.answer, excluded.answer);

-- name: ReceiptDeleteBefore :exec
DELETE FROM receipts WHERE created_at < @before;
