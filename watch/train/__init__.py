"""Fitting: labelled rows → weights and a card. The only room that imports scikit-learn and nltk.

`data` reads the rows, `fit` makes a model, `evaluate` scores one, `card` says what it is; nothing here runs
while Hune collects and labels.
"""
