// Generated from server/enums/identity_category.py: do not edit, `make generate` writes it anew.

/** The categories, in the order in which a user walks through them. */
export const IdentityCategory = {
  PASSIONS_AND_TALENTS: "passions_and_talents",
  MAKER_OF_MONEY: "maker_of_money",
  KEEPER_OF_MONEY: "keeper_of_money",
  SPIRITUAL: "spiritual",
  PERSONAL_APPEARANCE: "personal_appearance",
  PHYSICAL_EXPRESSION: "physical_expression",
  FAMILIAL_RELATIONS: "familial_relations",
  ROMANTIC_RELATION: "romantic_relation",
  DOER_OF_THINGS: "doer_of_things",
} as const;

export type IdentityCategory = (typeof IdentityCategory)[keyof typeof IdentityCategory];

/** What a person reads, in canonical order. */
export const IDENTITY_CATEGORY_LABELS: Readonly<Record<IdentityCategory, string>> = {
  passions_and_talents: "Passions and Talents",
  maker_of_money: "Maker of Money",
  keeper_of_money: "Keeper of Money",
  spiritual: "Spiritual",
  personal_appearance: "Personal Appearance",
  physical_expression: "Physical Expression",
  familial_relations: "Familial Relations",
  romantic_relation: "Romantic Relation",
  doer_of_things: "Doer of Things",
};
