@_exported import Receipts
